// SPDX-License-Identifier: Apache-2.0
#include "net/network.h"

#include <utility>

#include "base/check.h"
#include "net/io/http_client.h"
#include "net/io/io_loop.h"
#include "net/io/tls.h"
#include "net/io/websocket_client.h"

namespace tapeline::net {
namespace {

class ClientWebSocket final : public WebSocket {
 public:
  ClientWebSocket(std::shared_ptr<WebSocketClient> client, std::size_t& open)
      : client_(std::move(client)), open_(&open) {
    ++*open_;
  }
  ClientWebSocket(const ClientWebSocket&) = delete;
  ClientWebSocket& operator=(const ClientWebSocket&) = delete;
  ~ClientWebSocket() override {
    client_->abandon();
    --*open_;
  }

  Sent send(std::string_view text) override { return client_->send(text); }
  void close() override { client_->close(); }

 private:
  std::shared_ptr<WebSocketClient> client_;  // the other owner is the coroutine that opens it
  std::size_t* open_;
};

class SocketNetwork final : public Network {
 public:
  explicit SocketNetwork(const Clock& clock)
      : world_{loop_, contexts_, clock}, http_client_(world_) {}
  SocketNetwork(const SocketNetwork&) = delete;
  SocketNetwork& operator=(const SocketNetwork&) = delete;
  ~SocketNetwork() override { TAPELINE_CHECK(open_ == 0, "a Network outlives its WebSockets"); }

  std::unique_ptr<WebSocket> open(const WebSocketOptions& options,
                                  WebSocketListener& listener) override {
    auto client = std::make_shared<WebSocketClient>(world_, options, listener);
    client->open();
    return std::make_unique<ClientWebSocket>(std::move(client), open_);
  }

  void fetch(HttpRequest request, OnResponse on_response) override {
    http_client_.fetch(std::move(request), std::move(on_response));
  }

  std::size_t run(Duration wait_max) override { return loop_.run(wait_max); }

 private:
  std::size_t open_ = 0;
  TlsContexts contexts_;
  // What is still under way goes with the loop, before the contexts.
  IoLoop loop_;
  ClientWorld world_;
  HttpClient http_client_;
};

}  // namespace

std::unique_ptr<Network> make_network(const Clock& clock) {
  return std::make_unique<SocketNetwork>(clock);
}

}  // namespace tapeline::net
