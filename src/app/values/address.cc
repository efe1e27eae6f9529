// SPDX-License-Identifier: Apache-2.0
#include "app/values/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>

#include "app/values/text.h"

namespace tapeline::app::values {
namespace {

constexpr std::size_t kAddressBytesMax = 2048;

tl::unexpected<std::string> wrong(std::string_view text, std::string_view why) {
  return tl::make_unexpected(quoted(without_user(text)) + std::string(why));
}

bool is_one_of(char c, std::string_view others) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != std::string_view::npos;
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']') && text.size() > 2) {  // IPv6
    const std::string_view address = text.substr(1, text.size() - 2);
    return std::all_of(address.begin(), address.end(), [](char c) { return is_one_of(c, ":."); });
  }
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_one_of(c, ".-_"); });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stopped == end && port <= 65'535;
}

struct HostPort {
  std::string_view host;
  std::optional<std::string_view> port;
};

std::optional<HostPort> parse_host_port(std::string_view text) {
  HostPort out{.host = text, .port = std::nullopt};
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    out = {text.substr(0, colon), text.substr(colon + 1)};
  }
  if (!is_host(out.host) || (out.port && !is_port(*out.port))) return std::nullopt;
  return out;
}

bool is_this_machine(std::string_view host) {
  const bool is_number = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_number);
}

// Takes "SCHEME://" off the front.
bool take_scheme(std::string_view& text, std::string_view scheme) {
  constexpr std::string_view kMark = "://";
  if (!text.starts_with(scheme) || !text.substr(scheme.size()).starts_with(kMark)) return false;
  text.remove_prefix(scheme.size() + kMark.size());
  return true;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Value<std::string> read_url(std::string_view text, UrlKind kind) {
  std::string_view rest = text;
  const bool is_secure = take_scheme(rest, kind.secure);
  const bool is_plain = !is_secure && take_scheme(rest, kind.plain);
  const auto place = parse_host_port(rest.substr(0, rest.find_first_of("/?#")));
  const bool is_short = text.size() <= kAddressBytesMax;
  if ((is_secure || is_plain) && place && is_printable(text) && is_short &&
      (is_secure || is_this_machine(place->host))) {
    return std::string(text);
  }
  return wrong(text, fmt::format(" is not such an address (allowed: {}://HOST[:PORT][/PATH], or "
                                 "{}:// to this machine)",
                                 kind.secure, kind.plain));
}

Value<std::string> read_proxy(std::string_view text) {
  std::string_view rest = text;
  const bool is_http = take_scheme(rest, "http");
  bool is_user = true;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::size_t colon = rest.substr(0, at).find(':');
    is_user = colon != std::string_view::npos && colon > 0;
    rest.remove_prefix(at + 1);
  }
  const auto place = parse_host_port(rest);
  const bool is_short = text.size() <= kAddressBytesMax;
  if (is_http && is_user && place && place->port && is_printable(text) && is_short) {
    return std::string(text);
  }
  return wrong(text, " is not a proxy (allowed: http://[USER:PASSWORD@]HOST:PORT)");
}

std::string without_user(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return std::string(text);
  const std::size_t scheme = text.find("://");
  const std::size_t begin = scheme == std::string_view::npos || scheme > at ? 0 : scheme + 3;
  return fmt::format("{}***{}", text.substr(0, begin), text.substr(at));
}

Value<std::string> read_listen(std::string_view text) {
  const auto place = parse_host_port(text);
  if (place && place->port && text.size() <= kAddressBytesMax) return std::string(text);
  return wrong(text, " is not an address (allowed: HOST:PORT, like 127.0.0.1:8080)");
}

}  // namespace tapeline::app::values
