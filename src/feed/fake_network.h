// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "net/network.h"

namespace tapeline::feed {

// A client's WebSocket as the far end sees it. What the far end does arrives in order, each thing
// `after` so much time at the earliest.
class FakeConnection {
 public:
  FakeConnection(const Clock& clock, net::WebSocketOptions options,
                 net::WebSocketListener& listener)
      : clock_(clock), options_(std::move(options)), listener_(listener) {}

  [[nodiscard]] const std::string& url() const { return options_.url; }
  [[nodiscard]] bool is_open() const { return is_open_ && !is_over(); }
  // The client has given it up, or it was ended: nothing arrives any more.
  [[nodiscard]] bool is_over() const { return is_over_; }

  void accept(Duration after = {}) { add(Kind::kOpen, {}, {}, after); }
  void send(std::string message, Duration after = {}) {
    add(Kind::kMessage, std::move(message), {}, after);
  }
  void end(Error why, Duration after = {}) { add(Kind::kEnd, {}, std::move(why), after); }
  // From now on the far end says and hears nothing, good-byes neither.
  void cut_the_wire();

 private:
  friend class FakeNetwork;
  friend class FakeWebSocket;

  enum class Kind : std::uint8_t { kOpen, kMessage, kEnd };
  struct Arrival {
    Kind kind = Kind::kMessage;
    std::int64_t at_ns = 0;
    std::string bytes{};  // of a message, with kReadPadding behind it
    Error why{};
    RecvTime ts_recv{};  // 0: not shown yet
  };

  void add(Kind kind, std::string bytes, Error why, Duration after);
  // Shows what has arrived; gives how much.
  std::size_t run();
  // False: the client wants it later.
  bool show(Arrival& arrival);

  const Clock& clock_;
  net::WebSocketOptions options_;
  net::WebSocketListener& listener_;
  std::deque<Arrival> arrivals_;
  bool is_open_ = false;
  bool is_over_ = false;
  bool is_cut_ = false;
};

// The far end: what a test or a simulation makes of it.
class FakePeer {
 public:
  FakePeer() = default;
  FakePeer(const FakePeer&) = delete;
  FakePeer& operator=(const FakePeer&) = delete;
  virtual ~FakePeer() = default;

  // accept() it, end() it, or let it wait.
  virtual void on_connect(FakeConnection& connection) = 0;
  virtual void on_text(FakeConnection& connection, std::string_view text) = 0;
  virtual Result<net::HttpResponse> on_fetch(const net::HttpRequest& request) = 0;
};

// A network without sockets: what the far end does arrives when the clock, which somebody else
// moves, has come so far. run() never waits.
class FakeNetwork final : public net::Network {
 public:
  FakeNetwork(const Clock& clock, FakePeer& peer) : clock_(clock), peer_(peer) {}

  std::unique_ptr<net::WebSocket> open(const net::WebSocketOptions& options,
                                       net::WebSocketListener& listener) override;
  void fetch(net::HttpRequest request, net::OnResponse on_response) override;
  std::size_t run(Duration wait_max) override;

  // Since the beginning.
  [[nodiscard]] std::uint64_t connects() const { return connects_; }
  // Those that are not over.
  [[nodiscard]] std::vector<FakeConnection*> connections() const;
  void answer_fetches_after(Duration delay) { fetch_delay_ = delay; }

 private:
  struct Fetch {
    std::int64_t at_ns = 0;
    net::HttpRequest request;
    net::OnResponse on_response;
  };

  const Clock& clock_;
  FakePeer& peer_;
  std::vector<std::shared_ptr<FakeConnection>> connections_;  // the client's handles too
  std::vector<Fetch> fetches_;
  Duration fetch_delay_{};
  std::uint64_t connects_ = 0;
};

}  // namespace tapeline::feed
