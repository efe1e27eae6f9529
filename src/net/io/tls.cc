// SPDX-License-Identifier: Apache-2.0
#include "net/io/tls.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "net/io/failures.h"

namespace tapeline::net {
namespace {

using Context = asio::ssl::context;

Result<std::unique_ptr<Context>> make_context(Context::method method) {
  try {
    auto context = std::make_unique<Context>(method);
    if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1) {
      return fail(Fault::kOurs, "OpenSSL has no TLS 1.2: check its configuration");
    }
    return context;
  } catch (const boost::system::system_error& thrown) {
    return fail(Fault::kOurs, fmt::format("OpenSSL gives no TLS context ({})", thrown.what()));
  }
}

Result<std::unique_ptr<Context>> make_client_context(const std::string& ca_file) {
  auto context = make_context(Context::tls_client);
  if (!context) return context;
  ErrorCode error;
  if (ca_file.empty()) {
    (*context)->set_default_verify_paths(error);
  } else {
    (*context)->load_verify_file(ca_file, error);
  }
  if (error) {
    return fail(Fault::kCaller,
                fmt::format("ca_file {}: cannot be read as a PEM file of certificates ({}): check "
                            "the path and the file",
                            ca_file, error.message()));
  }
  // Each connection adds whom it expects; without that a good certificate of anybody would do.
  (*context)->set_verify_mode(asio::ssl::verify_peer, error);
  return context;
}

bool is_wrong_name(long verified) {
  return verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

bool is_wrong_authority(long verified) {
  switch (verified) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority of the same name
      return true;
    default:
      return false;
  }
}

std::string certificate_text(long verified, std::string_view ca_file) {
  const char* const reason = X509_verify_cert_error_string(verified);
  if (is_wrong_authority(verified) && ca_file.empty()) {
    return fmt::format(
        "its certificate comes from an authority that this system does not trust ({}): set ca_file "
        "to the authority's PEM file",
        reason);
  }
  if (is_wrong_authority(verified)) {
    return fmt::format(
        "its certificate does not come from the authority in {} ({}): set ca_file to the PEM file "
        "of the one that issued it",
        ca_file, reason);
  }
  if (is_wrong_name(verified)) {
    return fmt::format(
        "its certificate is for another host ({}): write the name that the certificate has",
        reason);
  }
  if (verified == X509_V_ERR_CERT_HAS_EXPIRED) {
    return fmt::format(
        "its certificate has expired ({}): have it renewed, or set this machine's "
        "clock right",
        reason);
  }
  if (verified == X509_V_ERR_CERT_NOT_YET_VALID) {
    return fmt::format("its certificate is not valid yet ({}): set this machine's clock right",
                       reason);
  }
  return fmt::format("its certificate is refused ({}): have it replaced", reason);
}

}  // namespace

Result<asio::ssl::context*> TlsContexts::of(const std::string& ca_file) {
  const auto known = kept_.find(ca_file);
  if (known != kept_.end()) return known->second.get();
  auto made = make_client_context(ca_file);
  if (!made) return tl::make_unexpected(made.error());
  // Connections keep what they need of theirs.
  if (kept_.size() >= kKeptMax) kept_.clear();
  return kept_.emplace(ca_file, std::move(*made)).first->second.get();
}

Result<std::unique_ptr<asio::ssl::context>> make_server_context(const Identity& identity) {
  auto context = make_context(Context::tls_server);
  if (!context) return context;
  ErrorCode error;
  (*context)->use_certificate_chain(asio::buffer(identity.certificates_pem), error);
  if (!error) (*context)->use_private_key(asio::buffer(identity.key_pem), Context::pem, error);
  if (!error && SSL_CTX_check_private_key((*context)->native_handle()) != 1) {
    error = ErrorCode(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category());
  }
  if (error) {
    return fail(Fault::kCaller,
                fmt::format("the server's certificate and key cannot be used ({}): give the PEM "
                            "texts of a certificate chain and of its key",
                            error.message()));
  }
  return context;
}

Result<void> expect_peer(SSL* ssl, const std::string& host) {
  in6_addr address{};
  const bool is_address = inet_pton(AF_INET, host.c_str(), &address) == 1 ||
                          inet_pton(AF_INET6, host.c_str(), &address) == 1;
  X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  bool done = false;
  if (is_address) {
    done = X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  } else {
    // The name goes to the server too: it may have one certificate for each.
    done = X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1;
  }
  if (!done) return fail(Fault::kCaller, fmt::format("{}: TLS cannot expect such a host", host));
  // Else the engine would give its memory back after every record, and ask for it at the next.
  SSL_clear_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
  return {};
}

Error tls_failed(SSL* ssl, const ErrorCode& why, std::string_view where, std::string_view ca_file) {
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) {
    return Error{Fault::kTheirs, Retry::kAfterBackoff,
                 fmt::format("{}: {}", where, certificate_text(verified, ca_file))};
  }
  if (why.category() != asio::error::get_ssl_category()) {
    return broken(where, "during the TLS handshake", why);
  }
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(why.value()));
  if (reason == SSL_R_WRONG_VERSION_NUMBER) {
    return Error{Fault::kTheirs, Retry::kAfterBackoff,
                 fmt::format("{}: what listens there does not speak TLS ({}): check the port",
                             where, why.message())};
  }
  return Error{
      Fault::kTheirs, Retry::kAfterBackoff,
      fmt::format("{}: no TLS of version 1.2 or newer can be agreed on ({}): have the peer "
                  "mended",
                  where, why.message())};
}

}  // namespace tapeline::net
