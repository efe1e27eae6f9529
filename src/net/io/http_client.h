// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "net/http.h"
#include "net/io/asio.h"
#include "net/io/transport.h"
#include "net/io/websocket_client.h"

namespace tapeline::net {

// Fetches over HTTP/1.1, each answer with its own deadline, and keeps connections that can be used
// again.
class HttpClient {
 public:
  static constexpr std::size_t kIdleMax = 32;  // connections kept; the oldest goes
  static constexpr Duration kIdleTimeMax = std::chrono::seconds(30);
  static constexpr std::size_t kHeaderBytesMax = std::size_t{64} << 10;
  static constexpr int kInterimAnswersMax = 8;  // "103 Early Hints" and the like

  explicit HttpClient(const ClientWorld& world) : world_(world) {}

  void fetch(HttpRequest request, OnResponse on_response);

 private:
  struct Exchange;
  struct Idle {
    Transport transport;
    std::int64_t since_ns = 0;
  };

  Task<void> run(std::shared_ptr<Exchange> exchange);
  Task<Result<HttpResponse>> perform(Exchange& exchange);
  Task<Result<void>> reach(Exchange& exchange);
  Task<Result<HttpResponse>> talk(Exchange& exchange);
  Task<Result<HttpResponse>> read_answer(Exchange& exchange);
  void keep(Exchange& exchange);
  std::optional<Transport> take_idle(const std::string& key);
  void drop_old();

  ClientWorld world_;
  std::multimap<std::string, Idle> idle_;  // by whom they reach, and how
  std::size_t under_way_ = 0;
};

}  // namespace tapeline::net
