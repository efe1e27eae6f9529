// SPDX-License-Identifier: Apache-2.0
#include "net/io/proxy.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "net/io/failures.h"

namespace tapeline::net {
namespace {

constexpr std::size_t kCredentialBytesMax = 1024;
constexpr unsigned kAsksForUser = 407;

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* const first = text.data() + i + 1;
    if (text.size() - i < 3 || std::from_chars(first, first + 2, value, 16).ptr != first + 2) {
      return std::nullopt;
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // with the zero that OpenSSL adds
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// Repeats nothing: it may hold a password.
tl::unexpected<Error> no_proxy() {
  return fail(Fault::kCaller, "the proxy is not written as http://[USER:PASSWORD@]HOST:PORT");
}

std::string name_of(const Proxy& proxy) { return format_host_port(proxy.at.host, proxy.at.port); }

// Of "HTTP/1.1 200 Connection established".
struct StatusLine {
  unsigned status = 0;
  std::string_view reason{};
};
std::optional<StatusLine> parse_status_line(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  constexpr std::size_t kStatusAt = 9;
  constexpr std::size_t kReasonAt = 13;
  if (!line.starts_with(kVersion) || line.size() < kReasonAt - 1 || line[kStatusAt - 1] != ' ') {
    return std::nullopt;
  }
  StatusLine out;
  const char* const first = line.data() + kStatusAt;
  if (std::from_chars(first, first + 3, out.status).ptr != first + 3) return std::nullopt;
  out.reason = line.substr(std::min(kReasonAt, line.size()));
  return out;
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme)) return no_proxy();
  text.remove_prefix(kScheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  Proxy proxy;
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    const auto user = percent_decoded(text.substr(0, at));
    if (!user || user->find(':') == std::string::npos || user->size() > kCredentialBytesMax) {
      return no_proxy();
    }
    proxy.authorization = "Basic " + base64(*user);
    text.remove_prefix(at + 1);
  }
  auto host_port = parse_host_port(text);
  if (!host_port || host_port->port == 0) return no_proxy();
  proxy.at = std::move(*host_port);
  return proxy;
}

std::string connect_request(const Proxy& proxy, std::string_view host_port) {
  std::string out = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", host_port);
  if (!proxy.authorization.empty()) {
    out += fmt::format("Proxy-Authorization: {}\r\n", proxy.authorization);
  }
  return out + "\r\n";
}

Result<void> read_connect_answer(std::string_view head, const Proxy& proxy,
                                 std::string_view host_port) {
  const auto line = parse_status_line(head.substr(0, head.find("\r\n")));
  if (!line) {
    return fail(Fault::kCaller,
                fmt::format("{}: {} is no HTTP proxy ({}): check the proxy's host and port",
                            host_port, name_of(proxy), printable(head.substr(0, 40))));
  }
  if (line->status == kAsksForUser) {
    return fail(Fault::kCaller,
                fmt::format("{}: the proxy {} accepts no such user (407): set the proxy to "
                            "http://USER:PASSWORD@HOST:PORT",
                            host_port, name_of(proxy)));
  }
  if (line->status < 200 || line->status >= 300) {
    const bool may_pass = line->status >= 500;
    return fail(may_pass ? Fault::kTheirs : Fault::kCaller,
                fmt::format("{}: the proxy {} refused to connect there with {} {}: have it allow "
                            "this host and port, or set another proxy",
                            host_port, name_of(proxy), line->status, printable(line->reason)),
                may_pass ? Retry::kAfterBackoff : Retry::kNever);
  }
  return {};
}

}  // namespace tapeline::net
