// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "net/io/asio.h"
#include "net/io/io_loop.h"
#include "net/io/steps.h"
#include "net/io/transport.h"
#include "net/io/websocket_channel.h"
#include "net/server.h"

namespace tapeline::net {

class ServerConnection;

// What the connections of a server share.
struct ServerWorld {
  IoLoop& loop;
  const Clock& clock;
  ServerHandler& handler;
  const ServerOptions options;
  std::unique_ptr<asio::ssl::context> tls{};  // null: plain text
  ServerStats stats{};
  std::uint64_t next_id = 1;
  // Of both: a connection that has become a WebSocket is the peer of the same number.
  std::unordered_map<std::uint64_t, std::shared_ptr<ServerConnection>> connections{};
  std::map<RequestId, ServerConnection*> waiting{};  // for respond()
};

// One connection, from its TLS handshake through its requests to its end, or to the end of the
// WebSocket that it became. Its owners are the world's table and its coroutine.
class ServerConnection final : public ChannelOwner,
                               public std::enable_shared_from_this<ServerConnection> {
 public:
  // Whoever reads an answer more slowly than this is cut.
  static constexpr std::size_t kAnswerBytesPerSecondMin = std::size_t{64} << 10;

  ServerConnection(ServerWorld& world, std::uint64_t id, Socket socket, std::string peer_address);

  void start();
  void respond(HttpResponse response);

  // As a WebSocket; null before and after.
  [[nodiscard]] WebSocketChannel* channel() { return channel_.get(); }
  void cut();

  Taken on_message(std::string_view message, RecvTime ts_recv) override;
  void on_end(const Error& why) override;

 private:
  enum class Next : std::uint8_t { kRequest, kEnd, kWebSocket };

  Task<void> run();
  Task<bool> agree_on_tls();
  Task<bool> wait_for_request();
  Task<Next> serve_request();
  Task<Next> refuse(ErrorCode why);
  Task<Next> upgrade(WebSocketChannel::UpgradeRequest upgrade);
  Task<HttpResponse> answer_of(const ServerRequest& request);
  Task<void> wait_for_answer(RequestId id);
  Task<bool> write(HttpResponse response, bool keep_alive, bool without_body);
  void on_deadline();
  void finish();

  ServerWorld* world_;
  std::uint64_t id_;
  std::string peer_address_;
  std::optional<Transport> transport_;  // nothing: the WebSocket has it
  Steps steps_;
  SteadyTimer answered_;  // cancelled by the answer
  std::optional<HttpResponse> response_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<WebSocketChannel> channel_;
  bool is_cut_ = false;
};

}  // namespace tapeline::net
