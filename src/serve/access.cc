// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>

#include "net/url.h"

namespace tapeline::serve {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// The host of "host", "host:port", "[v6]:port"; empty where it is none of them.
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return {};
    return std::string(authority.substr(1, end - 1));
  }
  return lower(authority.substr(0, authority.find(':')));
}

bool is_address(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

bool is_loopback(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace

Result<void> check_listen(std::string_view listen) {
  const auto at = net::parse_host_port(listen);
  if (!at) return tl::make_unexpected(at.error().within("serve.listen"));
  if (at->host == "localhost" || is_loopback(at->host)) return {};
  return fail(Fault::kCaller,
              fmt::format("serve.listen: {} can be reached from other machines, and nothing there "
                          "asks who it is: listen at 127.0.0.1:{} and reach it through ssh -L",
                          listen, at->port));
}

std::optional<std::string> refuse_access(const net::ServerRequest& request, bool is_act) {
  const auto host = net::find_header(request.headers, "Host");
  if (!host) return "the request has no Host";
  const std::string name = host_of(*host);
  if (name != "localhost" && !is_address(name)) {
    return "this server answers to localhost and to addresses, not to other names";
  }
  if (!is_act) return std::nullopt;
  // Who is no page sends none, and is on this machine.
  const auto origin = net::find_header(request.headers, "Origin");
  if (origin && lower(*origin) != "http://" + lower(*host)) {
    return "pages of another origin may not do that";
  }
  if (request.method == "POST" && !net::find_header(request.headers, "X-Tapeline")) {
    return "a POST says X-Tapeline: 1, which no page of another origin can";
  }
  return std::nullopt;
}

}  // namespace tapeline::serve
