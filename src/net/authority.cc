// SPDX-License-Identifier: Apache-2.0
#include "net/authority.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace tapeline::net {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

constexpr const char* kAuthorityName = "Tapeline private authority";
constexpr Duration kAuthorityLife = std::chrono::hours(24 * 365);

tl::unexpected<Error> openssl_failed(std::string_view what) {
  return fail(Fault::kOurs, fmt::format("OpenSSL cannot make {}: check its configuration", what));
}

template <typename Write>
std::string pem_of(Write write) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  char* bytes = nullptr;
  if (bio == nullptr || write(bio.get()) != 1) return {};
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

bool is_ip_address(const std::string& name) {
  in6_addr address{};
  return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

// "DNS:localhost,IP:127.0.0.1", in the language of OpenSSL's extensions; empty: a name is none.
std::string alternative_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (name.empty() || name.find_first_of(", \t\n") != std::string::npos) return {};
    out += fmt::format("{}{}:{}", out.empty() ? "" : ",", is_ip_address(name) ? "IP" : "DNS", name);
  }
  return out;
}

struct Extension {
  int nid = 0;
  const char* value = nullptr;
};

struct Draft {
  const char* common_name = nullptr;
  RecvTime from{};
  RecvTime until{};
};

bool fill(X509* certificate, EVP_PKEY* key, const Draft& draft) {
  std::array<unsigned char, 8> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
  std::uint64_t serial = 0;
  for (const unsigned char byte : random) serial = serial << 8 | byte;
  constexpr std::int64_t kSecond = 1'000'000'000;
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* const text = reinterpret_cast<const unsigned char*>(draft.common_name);
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), draft.from.unix_ns() / kSecond) &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), draft.until.unix_ns() / kSecond) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_pubkey(certificate, key) == 1;
}

bool extend(X509* certificate, X509* issuer, std::initializer_list<Extension> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Extension& extension : extensions) {
    const Owned<X509_EXTENSION> made(
        X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value));
    if (made == nullptr || X509_add_ext(certificate, made.get(), -1) != 1) return false;
  }
  return true;
}

}  // namespace

struct Authority::Keys {
  RecvTime now{};
  Owned<EVP_PKEY> key{};
  Owned<X509> certificate{};
  std::string certificate_pem{};
};

Authority::Authority(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

const std::string& Authority::certificate_pem() const { return keys_->certificate_pem; }

Result<Authority> Authority::make(RecvTime now) {
  auto keys = std::make_unique<Keys>();
  keys->now = now;
  keys->key.reset(EVP_EC_gen("P-256"));
  keys->certificate.reset(X509_new());
  X509* const certificate = keys->certificate.get();
  if (keys->key == nullptr || certificate == nullptr ||
      !fill(certificate, keys->key.get(),
            {kAuthorityName, now - kAuthorityLife, now + kAuthorityLife}) ||
      X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1 ||
      !extend(certificate, certificate,
              {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
               {NID_key_usage, "critical,keyCertSign,cRLSign"},
               {NID_subject_key_identifier, "hash"}}) ||
      X509_sign(certificate, keys->key.get(), EVP_sha256()) == 0) {
    return openssl_failed("a certificate authority");
  }
  keys->certificate_pem = pem_of(certificate);
  return Authority(std::move(keys));
}

Result<Identity> Authority::issue(const CertificateOptions& options) const {
  const std::string names = alternative_names(options.names);
  if (names.empty()) {
    return fail(Fault::kCaller, "a certificate needs host names or IP addresses, without spaces");
  }
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate(X509_new());
  X509* const issuer = keys_->certificate.get();
  if (key == nullptr || certificate == nullptr ||
      !fill(
          certificate.get(), key.get(),
          {"Tapeline server", keys_->now + options.valid_from, keys_->now + options.valid_until}) ||
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) != 1 ||
      !extend(certificate.get(), issuer,
              {{NID_basic_constraints, "critical,CA:FALSE"},
               {NID_key_usage, "critical,digitalSignature"},
               {NID_ext_key_usage, "serverAuth"},
               {NID_subject_key_identifier, "hash"},
               {NID_authority_key_identifier, "keyid:always"},
               {NID_subject_alt_name, names.c_str()}}) ||
      X509_sign(certificate.get(), keys_->key.get(), EVP_sha256()) == 0) {
    return openssl_failed("a certificate");
  }
  return Identity{pem_of(certificate.get()), pem_of(key.get())};
}

}  // namespace tapeline::net
