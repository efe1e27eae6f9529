// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/io/asio.h"
#include "net/io/io_loop.h"
#include "net/io/plain_frame.h"
#include "net/io/transport.h"
#include "net/websocket.h"

namespace tapeline::net {

struct ChannelOptions {
  std::string where{};  // whom to name in errors
  bool deflate = true;
  std::size_t message_bytes_max = 0;
  std::size_t outbox_bytes_max = 0;
  Duration step_deadline{};
  Duration ping_after{};
};

// Who is told what comes over a channel.
class ChannelOwner {
 public:
  ChannelOwner() = default;
  ChannelOwner(const ChannelOwner&) = delete;
  ChannelOwner& operator=(const ChannelOwner&) = delete;
  virtual ~ChannelOwner() = default;

  virtual Taken on_message(std::string_view message, RecvTime ts_recv) = 0;
  virtual void on_end(const Error& why) = 0;
};

// A WebSocket, of a client or of a server, from its handshake to its end: reads message by message,
// writes what is queued, pings, and notices a dead peer. It is always held by a shared_ptr: one
// owner is whoever uses it, the others are its pending operations.
class WebSocketChannel final : public Resumable,
                               public std::enable_shared_from_this<WebSocketChannel> {
 public:
  using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

  // Memory that a great message needed is given back above this.
  static constexpr std::size_t kBufferKeptBytesMax = std::size_t{4} << 20;

  // Loop, clock and owner outlive it, or detach() is called first.
  WebSocketChannel(IoLoop& loop, const Clock& clock, ChannelOwner& owner, ChannelOptions options);

  // Whom to name in errors.
  void name(std::string where) { options_.where = std::move(where); }

  // The client's handshake; cut() ends it.
  Task<Result<void>> connect(Transport transport, std::string host, std::string target,
                             Headers headers);
  // The server's.
  Task<Result<void>> accept(Transport transport, UpgradeRequest request);
  // After a handshake: begins to read, and to write what was queued.
  void start();

  [[nodiscard]] Sent send(std::string_view text);
  void ping();
  void close(std::uint16_t code, std::string_view reason);
  // Ends the connection now; nobody is told.
  void cut();
  // Nothing more reaches the peer, and what it sends is ignored.
  void silence();
  // The owner is not told anything any more.
  void detach() { owner_ = nullptr; }

  [[nodiscard]] std::size_t outbox_bytes() const { return outbox_bytes_; }

  void resume() override;

 private:
  using Stream = boost::beast::websocket::stream<Transport>;
  enum class Closing : std::uint8_t { kNo, kAsked, kUnderWay };

  Stream& make_stream(Transport transport);
  [[nodiscard]] Transport& transport() { return stream_->next_layer(); }

  void read_next();
  void on_read(ErrorCode error);
  void show();
  [[nodiscard]] Taken show_once();
  void drop_message();
  [[nodiscard]] bool find_next();
  void write_next();
  void on_written(ErrorCode error);
  void close_now();
  void on_write_error(ErrorCode error);
  void on_error(ErrorCode error);
  void end(const Error& why);

  void wait_for_tick();
  void on_tick();
  [[nodiscard]] bool watch_silence();
  [[nodiscard]] bool watch_progress();

  IoLoop* loop_;
  const Clock* clock_;
  ChannelOwner* owner_;
  ChannelOptions options_;
  std::optional<Stream> stream_;
  boost::beast::flat_buffer buffer_;
  std::string_view message_;         // that was read last: of buffer_, or
  std::optional<PlainFrame> frame_;  // the one that stands first in the transport
  RecvTime ts_recv_{};

  std::deque<std::string> outbox_;
  std::size_t outbox_bytes_ = 0;
  std::uint16_t close_code_ = 0;
  std::string close_reason_;

  SteadyTimer tick_timer_;
  Duration tick_;
  Duration silent_{};   // how long nothing has come
  Duration stalled_{};  // how long what is to be written has not moved
  std::uint64_t reads_seen_ = 0;
  std::uint64_t writes_seen_ = 0;

  Closing closing_ = Closing::kNo;
  bool is_plain_ = false;  // nothing is compressed, and nothing masked
  bool is_open_ = false;
  bool has_ended_ = false;
  bool is_silenced_ = false;
  bool is_paused_ = false;
  bool is_writing_ = false;
  bool is_pinging_ = false;
  bool awaits_pong_ = false;
};

}  // namespace tapeline::net
