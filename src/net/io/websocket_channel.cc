// SPDX-License-Identifier: Apache-2.0
#include "net/io/websocket_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cstring>
#include <span>
#include <utility>

#include "base/padding.h"
#include "net/io/failures.h"

namespace tapeline::net {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

// Deadlines are seen at ticks, so that no message costs a timer: a quarter late at most.
constexpr int kTicksPerDeadline = 4;
constexpr Duration kTickMin = std::chrono::milliseconds(1);
// Beast asks for room before it knows how much it will read.
constexpr std::size_t kReadAheadBytes = std::size_t{64} << 10;

// An empty message takes room too.
std::size_t cost_of(std::string_view text) { return text.size() + sizeof(std::string); }

constexpr const char* kUserAgent = "tapeline";

void set_headers(websocket::request_type& request, const Headers& headers) {
  request.set(beast::http::field::user_agent, kUserAgent);
  for (const auto& [name, value] : headers) request.set(name, value);
}

std::string closed_text(const std::string& where, const websocket::close_reason& reason) {
  if (reason.code == websocket::close_code::none) {
    return fmt::format("{}: the peer closed the WebSocket: try again later", where);
  }
  return fmt::format("{}: the peer closed the WebSocket ({} {}): try again later", where,
                     static_cast<unsigned>(reason.code),
                     printable({reason.reason.data(), reason.reason.size()}));
}

}  // namespace

WebSocketChannel::WebSocketChannel(IoLoop& loop, const Clock& clock, ChannelOwner& owner,
                                   ChannelOptions options)
    : loop_(&loop),
      clock_(&clock),
      owner_(&owner),
      options_(std::move(options)),
      buffer_(options_.message_bytes_max + kReadAheadBytes),
      tick_timer_(loop.executor()),
      tick_(std::max(std::min(options_.ping_after, options_.step_deadline) / kTicksPerDeadline,
                     kTickMin)) {}

WebSocketChannel::Stream& WebSocketChannel::make_stream(Transport transport) {
  transport.hang_up_within(options_.step_deadline);
  Stream& stream = stream_.emplace(std::move(transport));
  websocket::permessage_deflate deflate;
  deflate.client_enable = options_.deflate;
  deflate.server_enable = options_.deflate;
  stream.set_option(deflate);
  stream.read_message_max(options_.message_bytes_max);
  // One message, one frame: a venue may count frames.
  stream.auto_fragment(false);
  return stream;
}

Task<Result<void>> WebSocketChannel::connect(Transport transport, std::string host,
                                             std::string target, Headers headers) {
  Stream& stream = make_stream(std::move(transport));
  stream.set_option(websocket::stream_base::decorator(
      [headers](websocket::request_type& request) { set_headers(request, headers); }));
  websocket::response_type response;
  // What follows the answer is not Beast's yet.
  stream.next_layer().give(Transport::Portion::kByte);
  const auto [error] = co_await stream.async_handshake(response, host, target, kAwait);
  is_plain_ = response[beast::http::field::sec_websocket_extensions].empty();
  stream.next_layer().give(is_plain_ ? Transport::Portion::kFrame : Transport::Portion::kAny);
  if (error == websocket::error::upgrade_declined) {
    co_return tl::make_unexpected(refused(options_.where, "the WebSocket", response.result_int(),
                                          {response.reason().data(), response.reason().size()}));
  }
  if (error) {
    co_return tl::make_unexpected(broken(options_.where, "during the WebSocket handshake", error));
  }
  co_return Result<void>();
}

Task<Result<void>> WebSocketChannel::accept(Transport transport, UpgradeRequest request) {
  Stream& stream = make_stream(std::move(transport));
  const auto [error] = co_await stream.async_accept(request, kAwait);
  if (error) {
    co_return tl::make_unexpected(broken(options_.where, "during the WebSocket handshake", error));
  }
  co_return Result<void>();
}

void WebSocketChannel::start() {
  if (has_ended_) return;
  is_open_ = true;
  reads_seen_ = transport().reads();
  writes_seen_ = transport().writes();
  wait_for_tick();
  write_next();
  read_next();
}

void WebSocketChannel::read_next() {
  stream_->async_read(
      buffer_, asio::bind_executor(loop_->ready(),
                                   [self = shared_from_this()](ErrorCode error, std::size_t) {
                                     self->on_read(error);
                                   }));
}

void WebSocketChannel::on_read(ErrorCode error) {
  if (has_ended_) return;
  if (error) {
    on_error(error);
    return;
  }
  ts_recv_ = clock_->wall();
  loop_->note_message();
  // Zeros rather than what an earlier message left: what looks ahead sees the same every time.
  std::memset(buffer_.prepare(kReadPadding).data(), 0, kReadPadding);
  message_ = {static_cast<const char*>(buffer_.cdata().data()), buffer_.size()};
  show();
}

// What was read, and then what lies ready behind it.
void WebSocketChannel::show() {
  do {
    const bool is_heard = owner_ != nullptr && !is_silenced_;
    const Taken taken = is_heard ? show_once() : Taken::kYes;
    if (has_ended_) return;
    is_paused_ = taken == Taken::kLater;
    if (is_paused_) {
      loop_->pause(weak_from_this());
      return;
    }
    drop_message();
  } while (find_next());
  read_next();
}

// Behind a message that stands in the transport come others: they give way to zeros meanwhile.
Taken WebSocketChannel::show_once() {
  if (!frame_) return owner_->on_message(message_, ts_recv_);
  std::array<char, kReadPadding> kept;
  char* const behind = transport().ahead().data() + frame_->header + frame_->payload;
  std::memcpy(kept.data(), behind, kReadPadding);
  std::memset(behind, 0, kReadPadding);
  const Taken taken = owner_->on_message(message_, ts_recv_);
  std::memcpy(behind, kept.data(), kReadPadding);
  return taken;
}

void WebSocketChannel::drop_message() {
  if (frame_) {
    transport().skip(frame_->header + frame_->payload);
    frame_.reset();
    return;
  }
  buffer_.consume(message_.size());
  if (buffer_.capacity() > kBufferKeptBytesMax) buffer_.shrink_to_fit();
}

// Mostly one message lies behind the other, each a plain frame: they are shown where they stand,
// which costs a fraction of what it costs Beast to read one. Beast reads everything else, up to the
// end of a frame.
bool WebSocketChannel::find_next() {
  if (!is_plain_ || closing_ == Closing::kUnderWay || !loop_->has_room()) return false;
  const auto find = [this] {
    const std::span<char> ahead = transport().ahead();
    frame_ = find_plain_frame({ahead.data(), ahead.size()}, options_.message_bytes_max);
    if (frame_) message_ = {ahead.data() + frame_->header, frame_->payload};
    return frame_.has_value();
  };
  if (!find()) {
    if (!transport().read_ahead()) return false;
    ts_recv_ = clock_->wall();
    if (!find()) return false;
  }
  loop_->note_message();
  return true;
}

void WebSocketChannel::resume() {
  if (!has_ended_ && is_paused_ && closing_ != Closing::kUnderWay) show();
}

Sent WebSocketChannel::send(std::string_view text) {
  if (has_ended_ || closing_ != Closing::kNo) return Sent::kGone;
  if (cost_of(text) > options_.outbox_bytes_max - outbox_bytes_) return Sent::kFull;
  outbox_.emplace_back(text);
  outbox_bytes_ += cost_of(text);
  if (is_open_) write_next();
  return Sent::kYes;
}

void WebSocketChannel::write_next() {
  if (is_writing_ || has_ended_) return;
  if (outbox_.empty()) {
    if (closing_ == Closing::kAsked) close_now();
    return;
  }
  is_writing_ = true;
  stalled_ = Duration(0);
  stream_->async_write(
      asio::buffer(outbox_.front()),
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void WebSocketChannel::on_written(ErrorCode error) {
  is_writing_ = false;
  if (has_ended_) return;
  outbox_bytes_ -= cost_of(outbox_.front());
  outbox_.pop_front();
  if (error) {
    on_write_error(error);
  } else {
    write_next();
  }
}

void WebSocketChannel::ping() {
  // One at a time is enough, and all that Beast takes.
  if (!is_open_ || has_ended_ || is_pinging_ || closing_ == Closing::kUnderWay) return;
  is_pinging_ = true;
  stream_->async_ping({}, [self = shared_from_this()](ErrorCode error) {
    self->is_pinging_ = false;
    if (error && !self->has_ended_) self->on_write_error(error);
  });
}

void WebSocketChannel::close(std::uint16_t code, std::string_view reason) {
  if (has_ended_ || closing_ != Closing::kNo) return;
  closing_ = Closing::kAsked;
  close_code_ = code;
  close_reason_ = std::string(reason);
  stalled_ = Duration(0);
  if (is_open_) write_next();
}

void WebSocketChannel::close_now() {
  closing_ = Closing::kUnderWay;
  websocket::close_reason reason(static_cast<websocket::close_code>(close_code_));
  reason.reason.assign(close_reason_.data(),
                       std::min(close_reason_.size(), reason.reason.max_size()));
  stream_->async_close(reason, [self = shared_from_this()](ErrorCode) {
    self->end(Error{Fault::kCaller, Retry::kNever, self->options_.where + ": closed by us"});
  });
}

void WebSocketChannel::on_write_error(ErrorCode error) {
  // Given up because of what was read, or could not be: the read says what that was.
  if (error != asio::error::operation_aborted) on_error(error);
}

void WebSocketChannel::on_error(ErrorCode error) {
  if (closing_ == Closing::kUnderWay) return;  // its own end follows, or its deadline
  const std::string& where = options_.where;
  if (error == websocket::error::closed) {
    end(Error{Fault::kTheirs, Retry::kAfterBackoff, closed_text(where, stream_->reason())});
  } else if (error == websocket::error::message_too_big ||
             error == websocket::error::buffer_overflow) {
    end(Error{Fault::kTheirs, Retry::kAfterBackoff,
              fmt::format("{}: the peer sent a message of more than {} bytes: raise the bound if "
                          "that is right",
                          where, options_.message_bytes_max)});
  } else {
    end(broken(where, "while it was open", error));
  }
}

void WebSocketChannel::cut() {
  owner_ = nullptr;
  end(Error{});
}

void WebSocketChannel::silence() {
  is_silenced_ = true;
  if (stream_) transport().silence();
}

void WebSocketChannel::end(const Error& why) {
  if (has_ended_) return;
  has_ended_ = true;
  tick_timer_.cancel();
  if (stream_) transport().close();
  outbox_bytes_ = 0;  // the texts stay: a write may still hold one
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->on_end(why);
}

void WebSocketChannel::wait_for_tick() {
  tick_timer_.expires_after(tick_);
  tick_timer_.async_wait([self = shared_from_this()](ErrorCode error) {
    if (!error && !self->has_ended_) self->on_tick();
  });
}

void WebSocketChannel::on_tick() {
  if (watch_silence() && watch_progress()) wait_for_tick();
}

// Bytes that come count, not messages: a great one may be long on its way.
bool WebSocketChannel::watch_silence() {
  const std::uint64_t reads = transport().reads();
  // Nobody reads while a message waits to be taken, and a peer that hears nothing has nothing to
  // answer: silence means nothing then.
  if (reads != reads_seen_ || is_paused_ || is_silenced_) {
    reads_seen_ = reads;
    silent_ = Duration(0);
    awaits_pong_ = false;
    return true;
  }
  silent_ += tick_;
  if (silent_ < options_.ping_after) return true;
  if (!awaits_pong_) {
    awaits_pong_ = true;
    silent_ = Duration(0);
    ping();
    return true;
  }
  end(Error{Fault::kTheirs, Retry::kAfterBackoff,
            fmt::format("{}: the peer has answered no ping for {}: the line is dead, try again",
                        options_.where, format_duration(options_.ping_after))});
  return false;
}

bool WebSocketChannel::watch_progress() {
  const std::uint64_t writes = transport().writes();
  const bool waits = is_writing_ || closing_ == Closing::kUnderWay;
  // A close is one step: no dripping peer prolongs it.
  if (!waits || (writes != writes_seen_ && closing_ != Closing::kUnderWay)) {
    writes_seen_ = writes;
    stalled_ = Duration(0);
    return true;
  }
  stalled_ += tick_;
  if (stalled_ < options_.step_deadline) return true;
  const char* const what = is_writing_ ? "takes nothing of what it is sent" : "does not close";
  end(Error{Fault::kTheirs, Retry::kAfterBackoff,
            fmt::format("{}: the peer {} for {}: try again later", options_.where, what,
                        format_duration(options_.step_deadline))});
  return false;
}

}  // namespace tapeline::net
