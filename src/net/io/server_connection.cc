// SPDX-License-Identifier: Apache-2.0
#include "net/io/server_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "net/io/failures.h"
#include "net/io/header_rules.h"
#include "net/io/spawn.h"

namespace tapeline::net {
namespace {

namespace http_server = boost::beast::http;
using RequestParser = http_server::request_parser<http_server::string_body>;
using ResponseMessage = http_server::response<http_server::string_body>;

constexpr std::size_t kReadBytes = std::size_t{64} << 10;

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

ServerRequest request_of(WebSocketChannel::UpgradeRequest& message, const std::string& peer) {
  ServerRequest request;
  request.method = text_of(message.method_string());
  request.target = text_of(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
  }
  request.body = std::move(message.body());
  request.peer_address = peer;
  return request;
}

HttpResponse plain_answer(int status, std::string text) {
  return HttpResponse{.status = status,
                      .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                      .body = std::move(text) + "\n"};
}

// RFC 9110: these have no body, whatever it is.
bool has_no_body(int status) {
  constexpr int kNoContent = 204;
  constexpr int kNotModified = 304;
  return status == kNoContent || status == kNotModified;
}

ResponseMessage message_of(HttpResponse response, bool keep_alive) {
  TAPELINE_CHECK(response.status >= 200 && response.status <= 599, "a final status of HTTP");
  if (!are_sendable(response.headers)) {
    response = plain_answer(500, "the answer has a header that cannot be sent");
  }
  ResponseMessage message;
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  if (!has_no_body(response.status)) message.body() = std::move(response.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

// What a request is told that the parser refused; nothing: nobody is there to be told.
std::optional<HttpResponse> refusal_of(ErrorCode why, const ServerLimits& limits) {
  using http_server::error;
  if (why == error::header_limit) {
    return plain_answer(
        431, fmt::format("the head of a request has at most {} bytes", limits.header_bytes_max));
  }
  if (why == error::body_limit) {
    return plain_answer(
        413, fmt::format("the body of a request has at most {} bytes", limits.body_bytes_max));
  }
  const bool is_malformed =
      why.category() == http_server::make_error_code(error::bad_value).category() &&
      why != error::end_of_stream && why != error::partial_message;
  if (!is_malformed) return std::nullopt;
  return plain_answer(400, fmt::format("this is no HTTP request ({})", why.message()));
}

ChannelOptions channel_options_of(const ServerOptions& options, const std::string& peer) {
  return ChannelOptions{.where = peer,
                        .deflate = options.deflate,
                        .message_bytes_max = options.limits.message_bytes_max,
                        .outbox_bytes_max = options.limits.outbox_bytes_max,
                        .step_deadline = options.limits.step_deadline,
                        .ping_after = options.limits.ping_after};
}

}  // namespace

ServerConnection::ServerConnection(ServerWorld& world, std::uint64_t id, Socket socket,
                                   std::string peer_address)
    : world_(&world),
      id_(id),
      peer_address_(std::move(peer_address)),
      transport_(std::move(socket)),
      steps_(world.loop.executor(), [this] { on_deadline(); }),
      answered_(world.loop.executor()),
      buffer_(world.options.limits.header_bytes_max + kReadBytes) {
  transport_->hang_up_within(world.options.limits.step_deadline);
}

void ServerConnection::start() {
  spawn(world_->loop.executor(), [self = shared_from_this()] { return self->run(); });
}

void ServerConnection::on_deadline() {
  if (transport_) {
    transport_->close();
  } else if (channel_) {
    channel_->cut();
  }
}

void ServerConnection::finish() {
  // Whoever calls may be a member of ours: we go when they have returned.
  asio::post(world_->loop.executor(), [self = shared_from_this()] {});
  world_->connections.erase(id_);
}

Task<void> ServerConnection::run() {
  Next next = co_await agree_on_tls() ? Next::kRequest : Next::kEnd;
  while (next == Next::kRequest) {
    next = co_await serve_request();
    const bool goes_on = next == Next::kRequest && co_await wait_for_request();
    if (next == Next::kRequest && !goes_on) next = Next::kEnd;
  }
  steps_.end();
  if (next == Next::kEnd && !is_cut_) finish();
}

Task<bool> ServerConnection::agree_on_tls() {
  steps_.begin("during the TLS handshake", world_->options.limits.step_deadline);
  if (!world_->tls) co_return true;
  Transport::Tls& tls = transport_->start_tls(*world_->tls);
  SSL_clear_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::server, kAwait);
  co_return !error;
}

// For the first byte of the next request; from there on the time of a step runs.
Task<bool> ServerConnection::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  steps_.begin("between two requests", world_->options.limits.idle);
  const auto [error, bytes] =
      co_await transport_->async_read_some(buffer_.prepare(kReadBytes), kAwait);
  buffer_.commit(bytes);
  co_return !error;
}

Task<ServerConnection::Next> ServerConnection::serve_request() {
  const ServerLimits& limits = world_->options.limits;
  steps_.begin("while reading a request", limits.step_deadline);
  RequestParser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser.body_limit(limits.body_bytes_max);
  auto [error, read] =
      co_await http_server::async_read_header(*transport_, buffer_, parser, kAwait);
  // Of one with a body the bytes that follow are no frames: it is a plain request.
  const bool is_upgrade = !error && boost::beast::websocket::is_upgrade(parser.get()) &&
                          !parser.chunked() && parser.content_length().value_or(0) == 0;
  if (!error && !is_upgrade) {
    std::tie(error, read) = co_await http_server::async_read(*transport_, buffer_, parser, kAwait);
  }
  if (error) co_return co_await refuse(error);
  steps_.end();
  world_->loop.note_message();
  ++world_->stats.requests;
  auto message = parser.release();
  if (is_upgrade) co_return co_await upgrade(std::move(message));
  const bool keep_alive = message.keep_alive();
  const ServerRequest request = request_of(message, peer_address_);
  HttpResponse response = co_await answer_of(request);
  const bool written = co_await write(std::move(response), keep_alive, request.method == "HEAD");
  co_return written&& keep_alive ? Next::kRequest : Next::kEnd;
}

Task<ServerConnection::Next> ServerConnection::refuse(ErrorCode why) {
  auto refusal = refusal_of(why, world_->options.limits);
  if (refusal && !steps_.has_expired()) {
    ++world_->stats.refused_requests;
    if (co_await write(std::move(*refusal), false, false)) {
      // To close a socket with unread bytes resets the connection, and the peer might lose what it
      // was told.
      co_await transport_->hang_up(boost::beast::role_type::server);
    }
  }
  co_return Next::kEnd;
}

Task<HttpResponse> ServerConnection::answer_of(const ServerRequest& request) {
  const RequestId id(world_->next_id++);
  world_->waiting.emplace(id, this);
  // respond() may come before on_request() returns.
  if (auto response = world_->handler.on_request(id, request)) response_ = std::move(response);
  if (!response_) co_await wait_for_answer(id);
  world_->waiting.erase(id);
  if (!response_) response_ = plain_answer(503, "there is no answer yet: ask again later");
  co_return *std::exchange(response_, std::nullopt);
}

// Until respond(), the deadline, or the end of whoever asked.
Task<void> ServerConnection::wait_for_answer(RequestId id) {
  Duration left = world_->options.limits.answer_deadline;
  while (!response_ && left > Duration::zero()) {
    const Duration step = std::min(left, ServerHandler::kLookEvery);
    answered_.expires_after(step);
    co_await answered_.async_wait(kAwait);
    left -= step;
    if (is_cut_) co_return;
    if (response_ || !transport_->has_hung_up()) continue;
    world_->handler.on_gone(id);
    co_return;
  }
}

void ServerConnection::respond(HttpResponse response) {
  if (response_) return;
  response_ = std::move(response);
  answered_.cancel();
}

Task<bool> ServerConnection::write(HttpResponse response, bool keep_alive, bool without_body) {
  const ResponseMessage message = message_of(std::move(response), keep_alive);
  const std::chrono::seconds slowest(message.body().size() / kAnswerBytesPerSecondMin);
  steps_.begin("while writing an answer", world_->options.limits.step_deadline + slowest);
  http_server::response_serializer<http_server::string_body> serializer(message);
  ErrorCode error;
  std::size_t written = 0;
  if (without_body) {
    std::tie(error, written) =
        co_await http_server::async_write_header(*transport_, serializer, kAwait);
  } else {
    std::tie(error, written) = co_await http_server::async_write(*transport_, serializer, kAwait);
  }
  co_return !error;
}

Task<ServerConnection::Next> ServerConnection::upgrade(WebSocketChannel::UpgradeRequest upgrade) {
  const PeerId peer(id_);
  const bool keep_alive = upgrade.keep_alive();
  channel_ = std::make_shared<WebSocketChannel>(world_->loop, world_->clock, *this,
                                                channel_options_of(world_->options, peer_address_));
  auto refusal = world_->handler.on_upgrade(peer, request_of(upgrade, peer_address_));
  if (is_cut_) co_return Next::kEnd;
  if (refusal) {
    std::exchange(channel_, nullptr)->cut();
    const bool written = co_await write(std::move(*refusal), keep_alive, false);
    co_return written&& keep_alive ? Next::kRequest : Next::kEnd;
  }
  steps_.begin("during the WebSocket handshake", world_->options.limits.step_deadline);
  Transport transport = std::move(*transport_);
  transport_.reset();
  transport.unread({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
  const auto channel = channel_;
  const auto accepted = co_await channel->accept(std::move(transport), std::move(upgrade));
  steps_.end();
  if (is_cut_) co_return Next::kWebSocket;
  if (accepted) {
    channel->start();
  } else {
    channel->cut();
    on_end(accepted.error());
  }
  co_return Next::kWebSocket;
}

Taken ServerConnection::on_message(std::string_view message, RecvTime ts_recv) {
  return world_->handler.on_message(PeerId(id_), message, ts_recv);
}

void ServerConnection::on_end(const Error& why) {
  channel_.reset();
  world_->handler.on_close(PeerId(id_), why);
  finish();
}

void ServerConnection::cut() {
  is_cut_ = true;
  if (transport_) transport_->close();
  if (channel_) std::exchange(channel_, nullptr)->cut();
  finish();
}

}  // namespace tapeline::net
