// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first header of that name, in whatever case; the view lives as long as the headers.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

// Whom a client trusts, and through whom it goes.
struct Trust {
  // The PEM file of a private authority, trusted instead of the system's. There is no way to trust
  // everybody.
  std::string ca_file{};
  // "http://[user:password@]host:port", which is asked to CONNECT; empty: no proxy.
  std::string proxy{};
};

struct HttpRequest {
  std::string method = "GET";
  std::string url{};  // https://; http:// only to loopback or with unix_socket
  Trust trust{};
  // Where to connect to, instead of the URL's host: the path of a unix socket.
  std::string unix_socket{};
  Headers headers{};
  std::string body{};
  Duration deadline = std::chrono::seconds(10);  // for all of it
  std::size_t body_bytes_max = std::size_t{16} << 20;
};

struct HttpResponse {
  int status = 200;
  Headers headers{};
  std::string body{};
  RecvTime ts_recv{};  // of a client: when it was read completely
};

// A status that is no success is a response like any other; an Error says that there was none.
// Redirections are not followed.
using OnResponse = std::function<void(const Result<HttpResponse>&)>;

}  // namespace tapeline::net
