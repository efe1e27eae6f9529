// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tapeline::net {

// An http, https, ws or wss URL, taken apart.
struct Url {
  bool is_secure = false;     // https, wss
  bool is_websocket = false;  // ws, wss
  std::string host{};         // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;     // the scheme's own where the text names none
  std::string target{};       // path and query: begins with "/"

  // As it stands in our errors: "[::1]:443".
  [[nodiscard]] std::string host_port() const;
  // As it stands in a Host header: without the port if that is the scheme's own.
  [[nodiscard]] std::string host_header() const;
  // "localhost", 127.0.0.0/8 and ::1: where plain text needs no TLS.
  [[nodiscard]] bool is_loopback() const;
};

// Refuses what is no such URL, or says things that would be dropped (a user's name, a fragment).
Result<Url> parse_url(std::string_view text);

// "host:port" of a server or a proxy: "127.0.0.1:8080", "[::1]:0", "example.com:3128".
struct HostPort {
  std::string host{};
  std::uint16_t port = 0;
};
Result<HostPort> parse_host_port(std::string_view text);
std::string format_host_port(std::string_view host, std::uint16_t port);

}  // namespace tapeline::net
