// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/io/dialing.h"
#include "net/io/io_loop.h"
#include "net/io/steps.h"
#include "net/io/tls.h"
#include "net/io/websocket_channel.h"
#include "net/websocket.h"

namespace tapeline::net {

// What a Network gives its clients.
struct ClientWorld {
  IoLoop& loop;
  TlsContexts& contexts;
  const Clock& clock;
};

// A client's WebSocket behind its handle: dials, shakes hands, passes on what the channel says. Its
// owners are the handle and the coroutine that opens it.
class WebSocketClient final : public ChannelOwner,
                              public std::enable_shared_from_this<WebSocketClient> {
 public:
  WebSocketClient(const ClientWorld& world, const WebSocketOptions& options,
                  WebSocketListener& listener);

  // Begins; nothing is said before the loop runs.
  void open();
  [[nodiscard]] Sent send(std::string_view text);
  void close();
  // The listener is gone.
  void abandon();

  Taken on_message(std::string_view message, RecvTime ts_recv) override;
  void on_end(const Error& why) override;

 private:
  Task<void> run();
  Task<Result<void>> reach();
  [[nodiscard]] Result<Url> check() const;
  void stop_opening();

  ClientWorld world_;
  WebSocketOptions options_;
  WebSocketListener* listener_;  // null: nobody listens any more
  std::string where_ = "the WebSocket";
  Steps steps_;
  std::optional<Dialing> dialing_;
  std::shared_ptr<WebSocketChannel> channel_;
  bool is_open_ = false;
  bool is_closed_ = false;
};

}  // namespace tapeline::net
