// SPDX-License-Identifier: Apache-2.0
#include "net/io/websocket_client.h"

#include <utility>

#include "net/io/header_rules.h"
#include "net/io/spawn.h"

namespace tapeline::net {
namespace {

constexpr std::uint16_t kNormalClosure = 1000;  // RFC 6455, 7.4.1

ChannelOptions channel_options(const WebSocketOptions& options) {
  return ChannelOptions{.where = "",
                        .deflate = options.deflate,
                        .message_bytes_max = options.message_bytes_max,
                        .outbox_bytes_max = options.outbox_bytes_max,
                        .step_deadline = options.step_deadline,
                        .ping_after = options.ping_after};
}

}  // namespace

WebSocketClient::WebSocketClient(const ClientWorld& world, const WebSocketOptions& options,
                                 WebSocketListener& listener)
    : world_(world),
      options_(options),
      listener_(&listener),
      steps_(world.loop.executor(), [this] { channel_->cut(); }),
      channel_(std::make_shared<WebSocketChannel>(world.loop, world.clock, *this,
                                                  channel_options(options))) {}

void WebSocketClient::open() {
  spawn(world_.loop.executor(), [self = shared_from_this()] { return self->run(); });
}

Task<void> WebSocketClient::run() {
  const Result<void> opened = co_await reach();
  steps_.end();
  if (listener_ == nullptr) co_return;
  if (is_closed_) {
    on_end(Error{Fault::kCaller, Retry::kNever, where_ + ": closed by us"});
  } else if (!opened) {
    on_end(opened.error());
  } else {
    is_open_ = true;
    listener_->on_open();
    // The listener may have closed it again.
    channel_->start();
  }
}

Task<Result<void>> WebSocketClient::reach() {
  if (is_closed_ || listener_ == nullptr) co_return Result<void>();
  auto url = check();
  if (!url) co_return tl::make_unexpected(url.error());
  where_ = url->host_port();
  dialing_.emplace(
      world_.loop.executor(), world_.contexts,
      DialOptions{.url = *url, .trust = options_.trust, .step_deadline = options_.step_deadline});
  auto dialed = co_await dialing_->run();
  if (!dialed) co_return tl::make_unexpected(dialed.error());
  where_ = dialing_->where();
  channel_->name(where_);
  steps_.begin("during the WebSocket handshake", options_.step_deadline);
  auto shaken = co_await channel_->connect(std::move(*dialed), url->host_header(), url->target,
                                           options_.headers);
  if (steps_.has_expired()) co_return tl::make_unexpected(steps_.timed_out(where_));
  co_return shaken;
}

Result<Url> WebSocketClient::check() const {
  auto url = parse_url_to_dial(options_.url, "");
  if (url && !url->is_websocket) {
    return fail(Fault::kCaller,
                url->host_port() + ": a WebSocket's URL begins with wss:// or ws://");
  }
  if (url && !are_sendable(options_.headers)) {
    return fail(Fault::kCaller, url->host_port() + ": a header of the handshake cannot be sent");
  }
  return url;
}

Sent WebSocketClient::send(std::string_view text) {
  return is_closed_ ? Sent::kGone : channel_->send(text);
}

void WebSocketClient::close() {
  if (is_closed_) return;
  is_closed_ = true;
  if (is_open_) {
    channel_->close(kNormalClosure, "");
  } else {
    stop_opening();
  }
}

void WebSocketClient::abandon() {
  listener_ = nullptr;
  stop_opening();
}

void WebSocketClient::stop_opening() {
  if (dialing_) dialing_->abort();
  channel_->cut();
}

Taken WebSocketClient::on_message(std::string_view message, RecvTime ts_recv) {
  return listener_ == nullptr ? Taken::kYes : listener_->on_message(message, ts_recv);
}

void WebSocketClient::on_end(const Error& why) {
  is_closed_ = true;
  if (listener_ != nullptr) std::exchange(listener_, nullptr)->on_close(why);
}

}  // namespace tapeline::net
