// SPDX-License-Identifier: Apache-2.0
#include "feed/fake_network.h"

#include <utility>

#include "base/padding.h"

namespace tapeline::feed {

// The client's handle.
class FakeWebSocket final : public net::WebSocket {
 public:
  FakeWebSocket(std::shared_ptr<FakeConnection> connection, FakePeer& peer)
      : connection_(std::move(connection)), peer_(peer) {}
  ~FakeWebSocket() override { connection_->is_over_ = true; }

  [[nodiscard]] net::Sent send(std::string_view text) override {
    if (connection_->is_over()) return net::Sent::kGone;
    if (!connection_->is_cut_) peer_.on_text(*connection_, text);
    return net::Sent::kYes;
  }
  // The far end says good-bye too; one that does not hear us has until the deadline.
  void close() override {
    const bool is_cut = std::exchange(connection_->is_cut_, false);
    connection_->arrivals_.clear();
    connection_->end({Fault::kOurs, Retry::kAfterBackoff, "closed as asked"},
                     is_cut ? connection_->options_.step_deadline : Duration());
    connection_->is_cut_ = is_cut;
  }

 private:
  std::shared_ptr<FakeConnection> connection_;
  FakePeer& peer_;
};

void FakeConnection::cut_the_wire() {
  arrivals_.clear();
  is_cut_ = true;
}

void FakeConnection::add(Kind kind, std::string bytes, Error why, Duration after) {
  if (is_cut_ || is_over_) return;
  bytes.append(kReadPadding, '\0');
  arrivals_.push_back(
      {kind, clock_.monotonic_ns() + after.count(), std::move(bytes), std::move(why), RecvTime()});
}

std::size_t FakeConnection::run() {
  std::size_t shown = 0;
  while (!is_over_ && !arrivals_.empty() && arrivals_.front().at_ns <= clock_.monotonic_ns()) {
    // It may be closed, and what arrives cleared, from within.
    Arrival arrival = std::move(arrivals_.front());
    arrivals_.pop_front();
    if (!show(arrival)) {
      if (!is_over_) arrivals_.push_front(std::move(arrival));
      break;
    }
    ++shown;
  }
  return shown;
}

bool FakeConnection::show(Arrival& arrival) {
  switch (arrival.kind) {
    case Kind::kOpen:
      is_open_ = true;
      listener_.on_open();
      return true;
    case Kind::kMessage: {
      if (arrival.ts_recv == RecvTime()) arrival.ts_recv = clock_.wall();
      const std::string_view message(arrival.bytes.data(), arrival.bytes.size() - kReadPadding);
      return listener_.on_message(message, arrival.ts_recv) == net::Taken::kYes;
    }
    case Kind::kEnd:
      is_over_ = true;
      listener_.on_close(arrival.why);
      return true;
  }
  return true;
}

std::unique_ptr<net::WebSocket> FakeNetwork::open(const net::WebSocketOptions& options,
                                                  net::WebSocketListener& listener) {
  ++connects_;
  auto connection = std::make_shared<FakeConnection>(clock_, options, listener);
  connections_.push_back(connection);
  peer_.on_connect(*connection);
  return std::make_unique<FakeWebSocket>(std::move(connection), peer_);
}

void FakeNetwork::fetch(net::HttpRequest request, net::OnResponse on_response) {
  const std::int64_t at_ns = clock_.monotonic_ns() + fetch_delay_.count();
  fetches_.push_back({at_ns, std::move(request), std::move(on_response)});
}

std::size_t FakeNetwork::run(Duration /*wait_max*/) {
  std::size_t done = 0;
  std::vector<Fetch> due;
  std::erase_if(fetches_, [&](Fetch& fetch) {
    if (fetch.at_ns > clock_.monotonic_ns()) return false;
    due.push_back(std::move(fetch));
    return true;
  });
  for (const Fetch& fetch : due) {
    auto answer = peer_.on_fetch(fetch.request);
    if (answer) answer->ts_recv = clock_.wall();
    fetch.on_response(answer);
    ++done;
  }
  // By index: another one may be opened meanwhile.
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const std::shared_ptr<FakeConnection> connection = connections_[i];  // outlives its calls
    done += connection->run();
  }
  std::erase_if(connections_, [](const auto& connection) { return connection->is_over(); });
  return done;
}

std::vector<FakeConnection*> FakeNetwork::connections() const {
  std::vector<FakeConnection*> out;
  for (const auto& connection : connections_) {
    if (!connection->is_over()) out.push_back(connection.get());
  }
  return out;
}

}  // namespace tapeline::feed
