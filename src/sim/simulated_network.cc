// SPDX-License-Identifier: Apache-2.0
#include "sim/simulated_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/padding.h"
#include "net/url.h"

namespace tapeline::sim {
namespace {

Error gone(std::string text) { return {Fault::kTheirs, Retry::kAfterBackoff, std::move(text)}; }

}  // namespace

// A client's connection. It moves only in advance(), one step per call, for each step may be its
// last: the listener may destroy it.
class SimulatedNetwork::Socket final : public net::WebSocket {
 public:
  Socket(SimulatedNetwork& network, net::WebSocketOptions options, net::WebSocketListener& listener)
      : network_(&network), options_(std::move(options)), listener_(listener) {
    id_ = network.next_socket_++;
    network.sockets_[id_] = this;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() override {
    if (network_ == nullptr) return;
    if (connection_) exchange_->disconnect(*connection_, network_->now());
    network_->sockets_.erase(id_);
  }

  net::Sent send(std::string_view text) override {
    if (state_ == State::kClosing || state_ == State::kClosed) return net::Sent::kGone;
    if (outbox_bytes_ + text.size() > options_.outbox_bytes_max) return net::Sent::kFull;
    outbox_bytes_ += text.size();
    outbox_.emplace_back(text);
    return net::Sent::kYes;
  }
  void close() override {
    if (state_ != State::kClosed) state_ = State::kClosing;
  }

  [[nodiscard]] std::uint64_t id() const { return id_; }
  void forget_network() { network_ = nullptr; }

  // Does the next thing; false when there is none for now.
  bool advance() {
    switch (state_) {
      case State::kOpening:
        return open();
      case State::kOpen:
        return pass_on();
      case State::kClosing:
        return end({Fault::kCaller, Retry::kNever, options_.url + ": closed as asked"});
      case State::kClosed:
        return false;
    }
    return false;
  }

  [[nodiscard]] EventTime next_at() const {
    if (state_ == State::kOpening || state_ == State::kClosing || !outbox_.empty()) {
      return kEventTimeMin;
    }
    const bool is_waiting = state_ == State::kOpen && exchange_->is_silent(*connection_);
    return is_waiting ? last_heard_ + options_.ping_after * 2 : kEventTimeMax;
  }

 private:
  enum class State : std::uint8_t { kOpening, kOpen, kClosing, kClosed };

  bool open() {
    const auto url = net::parse_url(options_.url);
    if (!url) return end(url.error());
    exchange_ = network_->find(url->host_port());
    if (exchange_ == nullptr) return end(gone(url->host_port() + ": cannot be reached"));
    last_heard_ = network_->now();
    connection_ = exchange_->connect(url->target, last_heard_);
    if (!connection_) {
      return end(gone(fmt::format("{}: the venue refuses the WebSocket (404)", options_.url)));
    }
    state_ = State::kOpen;
    listener_.on_open();
    return true;
  }

  bool pass_on() {
    if (!outbox_.empty()) {
      for (const std::string& text : std::exchange(outbox_, {})) {
        exchange_->receive(*connection_, text, network_->now());
      }
      outbox_bytes_ = 0;
      return true;
    }
    if (held_) return show();
    Frame frame;
    if (exchange_->take(*connection_, frame)) return hear(std::move(frame));
    // A living line answers pings; a half-open one does not.
    const Duration quiet = network_->now() - last_heard_;
    if (exchange_->is_silent(*connection_)) {
      if (quiet < options_.ping_after * 2) return false;
      return end(gone(options_.url + ": no pong: the connection is dead"));
    }
    last_heard_ = network_->now();
    return false;
  }

  bool hear(Frame frame) {
    last_heard_ = network_->now();
    switch (frame.kind) {
      case FrameKind::kData:
      case FrameKind::kControl:
        held_ = std::move(frame.text);
        held_at_ = network_->clock_.wall();
        return show();
      case FrameKind::kPing:
        return true;
      case FrameKind::kClose:
        connection_.reset();
        return end(gone(fmt::format("{}: closed by the venue: {}", options_.url, frame.text)));
      case FrameKind::kCut:
        connection_.reset();
        return end(gone(options_.url + ": the connection broke"));
    }
    return false;
  }

  // Shows the message; one that is not taken is shown again with its first stamp. It is not a
  // member meanwhile, because the listener may destroy this socket.
  bool show() {
    std::string text = std::move(*held_);
    held_.reset();
    const std::size_t size = text.size();
    text.append(kReadPadding, '\0');
    const std::uint64_t id = id_;
    SimulatedNetwork& network = *network_;
    const auto taken = listener_.on_message({text.data(), size}, held_at_);
    if (taken == net::Taken::kYes || !network.sockets_.contains(id)) return true;
    text.resize(size);
    held_ = std::move(text);
    return false;
  }

  bool end(const Error& why) {
    state_ = State::kClosed;
    if (connection_) exchange_->disconnect(*connection_, network_->now());
    connection_.reset();
    listener_.on_close(why);
    return true;
  }

  SimulatedNetwork* network_;
  net::WebSocketOptions options_;
  net::WebSocketListener& listener_;
  std::uint64_t id_ = 0;
  State state_ = State::kOpening;
  Exchange* exchange_ = nullptr;
  std::optional<ExchangeConnection> connection_;
  std::vector<std::string> outbox_;
  std::size_t outbox_bytes_ = 0;
  std::optional<std::string> held_;  // was not taken
  RecvTime held_at_;
  EventTime last_heard_;
};

SimulatedNetwork::~SimulatedNetwork() {
  for (const auto& [id, socket] : sockets_) socket->forget_network();
}

std::unique_ptr<net::WebSocket> SimulatedNetwork::open(const net::WebSocketOptions& options,
                                                       net::WebSocketListener& listener) {
  return std::make_unique<Socket>(*this, options, listener);
}

void SimulatedNetwork::fetch(net::HttpRequest request, net::OnResponse on_response) {
  fetches_.push_back({std::move(request), std::move(on_response)});
}

Exchange* SimulatedNetwork::find(const std::string& host_port) const {
  const auto host = hosts_.find(host_port);
  const auto away = away_.find(host_port);
  if (host == hosts_.end() || (away != away_.end() && away->second)) return nullptr;
  return host->second;
}

std::size_t SimulatedNetwork::run(Duration /*wait_max*/) {
  std::size_t done = 0;
  for (const auto& [host, exchange] : hosts_) exchange->advance(now());
  for (const Fetch& fetch : std::exchange(fetches_, {})) {
    fetch.on_response(answer(fetch.request));
    ++done;
  }
  std::vector<std::uint64_t> ids;
  for (const auto& [id, socket] : sockets_) ids.push_back(id);
  for (const std::uint64_t id : ids) done += run_socket(id);
  return done;
}

// Looked up before every step: a listener destroys sockets, this one or others.
std::size_t SimulatedNetwork::run_socket(std::uint64_t id) {
  std::size_t done = 0;
  for (auto at = sockets_.find(id); at != sockets_.end() && at->second->advance();
       at = sockets_.find(id)) {
    ++done;
  }
  return done;
}

Result<net::HttpResponse> SimulatedNetwork::answer(const net::HttpRequest& request) {
  const auto url = net::parse_url(request.url);
  if (!url) return tl::make_unexpected(url.error());
  Exchange* const exchange = find(url->host_port());
  if (exchange == nullptr) {
    return tl::make_unexpected(gone(url->host_port() + ": cannot be reached"));
  }
  Answer answered = exchange->answer(
      {.method = request.method, .target = url->target, .body = request.body}, now());
  net::HttpResponse response{.status = answered.status, .headers = std::move(answered.headers)};
  response.headers.emplace_back("Content-Type", answered.content_type);
  response.body = std::move(answered.body);
  response.ts_recv = clock_.wall();
  return response;
}

RecvTime SimulatedNetwork::next_at() const {
  EventTime next = fetches_.empty() ? kEventTimeMax : kEventTimeMin;
  for (const auto& [host, exchange] : hosts_) next = std::min(next, exchange->next_at());
  for (const auto& [id, socket] : sockets_) next = std::min(next, socket->next_at());
  return RecvTime(next.unix_ns());
}

}  // namespace tapeline::sim
