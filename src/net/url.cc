// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tapeline::net {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // of DNS
constexpr std::size_t kTargetBytesMax = 8192;
constexpr std::size_t kShownMax = 300;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

struct Scheme {
  std::string_view prefix;
  bool is_secure;
  bool is_websocket;
  std::uint16_t port;
};
constexpr std::array kSchemes{
    Scheme{"https://", true, false, kHttpsPort}, Scheme{"wss://", true, true, kHttpsPort},
    Scheme{"http://", false, false, kHttpPort}, Scheme{"ws://", false, true, kHttpPort}};

const Scheme* scheme_of(std::string_view text) {
  const auto* const found =
      std::find_if(kSchemes.begin(), kSchemes.end(),
                   [&](const Scheme& scheme) { return text.starts_with(scheme.prefix); });
  return found == kSchemes.end() ? nullptr : found;
}

bool is_visible_ascii(char c) { return c > ' ' && c < '\x7f'; }

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_host(const std::string& host) {
  return !host.empty() && host.size() <= kHostBytesMax &&
         std::all_of(host.begin(), host.end(), is_host_char);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// Without a port it stays as it is; what does not fit gives nothing.
std::optional<HostPort> split_authority(std::string_view text, std::uint16_t port) {
  HostPort out{"", port};
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = lower(text.substr(1, end - 1));
    rest = text.substr(end + 1);
    if (!is_ipv6(out.host)) return std::nullopt;
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    out.host = lower(text.substr(0, end));
    rest = text.substr(end);
    if (!is_host(out.host)) return std::nullopt;
  }
  if (rest.empty()) return out;
  const auto named = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!named) return std::nullopt;
  out.port = *named;
  return out;
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view why) {
  return fail(Fault::kCaller, fmt::format("the URL \"{}\" {}", text, why));
}

// What of a URL may be said: its path and query may hold a token, what precedes an @ a password.
std::string_view shown(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::string_view out = text.substr(0, std::min(text.find_first_of("/?#", host), kShownMax));
  return out.find('@') == std::string_view::npos ? out : "...";
}

}  // namespace

std::string format_host_port(std::string_view host, std::uint16_t port) {
  const bool has_colon = host.find(':') != std::string_view::npos;
  return has_colon ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string Url::host_port() const { return format_host_port(host, port); }

std::string Url::host_header() const {
  const std::uint16_t usual = is_secure ? kHttpsPort : kHttpPort;
  if (port != usual) return host_port();
  return host.find(':') != std::string::npos ? fmt::format("[{}]", host) : host;
}

bool Url::is_loopback() const {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

Result<Url> parse_url(std::string_view text) {
  const Scheme* const scheme = scheme_of(text);
  if (scheme == nullptr) {
    return refuse(shown(text), "begins with none of https://, wss://, http://, ws://");
  }
  const std::string_view rest = text.substr(scheme->prefix.size());
  const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, path);
  std::string_view target = rest.substr(path);
  if (authority.find('@') != std::string_view::npos) {
    return refuse(shown(text), "names a user, which is not supported: use a header");
  }
  const auto host_port = split_authority(authority, scheme->port);
  if (!host_port || host_port->port == 0) {
    return refuse(shown(text), "has no valid host and port: write HOST, HOST:PORT or [IPV6]:PORT");
  }
  if (!std::all_of(target.begin(), target.end(), is_visible_ascii) ||
      target.find('#') != std::string_view::npos) {
    return refuse(shown(text),
                  "has a space, a # or a character beyond ASCII in its path: write it as %XX");
  }
  if (target.size() > kTargetBytesMax) {
    return refuse(shown(text), fmt::format("has a path of more than {} bytes", kTargetBytesMax));
  }
  Url url{scheme->is_secure, scheme->is_websocket, host_port->host, host_port->port,
          std::string(target)};
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

Result<HostPort> parse_host_port(std::string_view text) {
  // Without a port each keeps its own, and they differ.
  const auto with_zero = split_authority(text, 0);
  const auto with_one = split_authority(text, 1);
  if (!with_zero || !with_one || with_zero->port != with_one->port) {
    return fail(Fault::kCaller, fmt::format("\"{}\" is no HOST:PORT or [IPV6]:PORT", text));
  }
  return *with_zero;
}

}  // namespace tapeline::net
