// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/url.h"

namespace tapeline::net {

// An HTTP proxy that is asked to CONNECT.
struct Proxy {
  HostPort at{};
  std::string authorization{};  // a header's value, or empty
};

// "http://[user:password@]host:port"; a user's reserved characters as %XX.
Result<Proxy> parse_proxy(std::string_view text);

// The bytes that ask for a way to "host:port".
std::string connect_request(const Proxy& proxy, std::string_view host_port);

// What a proxy's answer says; `head` ends with an empty line. An Error when it refuses.
Result<void> read_connect_answer(std::string_view head, const Proxy& proxy,
                                 std::string_view host_port);

}  // namespace tapeline::net
