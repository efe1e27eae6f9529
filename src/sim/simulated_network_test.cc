// SPDX-License-Identifier: Apache-2.0
#include "sim/simulated_network.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tapeline::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr RecvTime kBegin{1'700'000'000'000'000'000};
constexpr auto kUrl = "wss://venue.test/";
constexpr auto kSubscribe =
    R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches","heartbeat"]})";

// Notes what it hears; can refuse the next messages, and let go of its socket.
class NotedListener final : public net::WebSocketListener {
 public:
  void on_open() override { notes.emplace_back("OPEN"); }
  net::Taken on_message(std::string_view message, RecvTime ts_recv) override {
    stamps.push_back(ts_recv);
    if (refusals > 0) {
      --refusals;
      return net::Taken::kLater;
    }
    notes.emplace_back(message);
    if (lets_go_at_message) socket.reset();
    return net::Taken::kYes;
  }
  void on_close(const Error& why) override { notes.push_back("CLOSE " + why.text); }

  std::unique_ptr<net::WebSocket> socket;
  std::vector<std::string> notes;
  std::vector<RecvTime> stamps;
  int refusals = 0;
  bool lets_go_at_message = false;
};

class SimulatedNetworkTest : public testing::Test {
 protected:
  void begin(const std::string& faults = "off") {
    exchange_ = std::move(
        Exchange::make(
            {.venue = "coinbase", .faults = parse_faults(faults).value(), .trades_per_second = 200},
            EventTime(kBegin.unix_ns()))
            .value());
    network_.add("venue.test:443", *exchange_);
    open(listener_);
  }
  void open(NotedListener& listener) {
    listener.socket = network_.open({.url = kUrl}, listener);
    EXPECT_EQ(listener.socket->send(kSubscribe), net::Sent::kYes);
  }
  void run(Duration time, Duration step = milliseconds(10)) {
    for (const RecvTime end = clock_.wall() + time; clock_.wall() < end;) {
      clock_.advance(step);
      network_.run(Duration(0));
    }
  }
  std::string last() const { return listener_.notes.empty() ? "" : listener_.notes.back(); }

  ManualClock clock_{kBegin};
  std::unique_ptr<Exchange> exchange_;
  SimulatedNetwork network_{clock_};
  NotedListener listener_;
};

TEST_F(SimulatedNetworkTest, opens_subscribes_and_brings_frames_with_the_clocks_stamps) {
  begin();
  run(seconds(2));
  ASSERT_GT(listener_.notes.size(), 100U);
  EXPECT_EQ(listener_.notes[0], "OPEN");
  EXPECT_TRUE(listener_.notes[1].starts_with(R"({"type":"last_match")"));
  EXPECT_TRUE(listener_.notes[2].starts_with(R"({"type":"subscriptions")"));
  EXPECT_EQ(listener_.stamps.front(), kBegin + milliseconds(10));
}

TEST_F(SimulatedNetworkTest, a_message_that_is_not_taken_comes_again_with_its_stamp) {
  begin();
  listener_.refusals = 3;
  run(milliseconds(10));
  EXPECT_EQ(listener_.notes, (std::vector<std::string>{"OPEN"}));
  run(milliseconds(50));
  ASSERT_GE(listener_.stamps.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(listener_.stamps[i], kBegin + milliseconds(10));
  EXPECT_TRUE(listener_.notes[1].starts_with(R"({"type":"last_match")"));
}

TEST_F(SimulatedNetworkTest, a_cut_is_told_and_another_connection_can_follow) {
  begin("drop=2s");
  run(seconds(5));
  EXPECT_EQ(last(), "CLOSE wss://venue.test/: the connection broke");
  NotedListener second;
  open(second);
  run(milliseconds(20));
  EXPECT_EQ(second.notes.at(0), "OPEN");
}

TEST_F(SimulatedNetworkTest, a_dead_line_is_noticed_by_the_pong_that_does_not_come) {
  begin("halfopen=1s");
  run(seconds(25));
  EXPECT_FALSE(last().starts_with("CLOSE"));
  run(seconds(10));
  EXPECT_EQ(last(), "CLOSE wss://venue.test/: no pong: the connection is dead");
}

TEST_F(SimulatedNetworkTest, a_quiet_line_lives) {
  begin();
  run(milliseconds(10));
  ASSERT_EQ(listener_.socket->send(R"({"type":"unsubscribe","channels":["matches","heartbeat"]})"),
            net::Sent::kYes);
  run(minutes(3), seconds(1));
  EXPECT_FALSE(last().starts_with("CLOSE"));
}

TEST_F(SimulatedNetworkTest, closing_is_told_and_letting_go_is_not) {
  begin();
  run(milliseconds(10));
  listener_.socket->close();
  EXPECT_EQ(listener_.socket->send("x"), net::Sent::kGone);
  run(milliseconds(10));
  EXPECT_EQ(last(), "CLOSE wss://venue.test/: closed as asked");
  NotedListener second;
  open(second);
  run(milliseconds(10));
  second.socket.reset();
  const std::size_t heard = second.notes.size();
  run(seconds(1));
  EXPECT_EQ(second.notes.size(), heard);
  EXPECT_EQ(exchange_->connections().back().end, "client");
}

TEST_F(SimulatedNetworkTest, a_listener_may_let_go_of_its_socket_while_it_hears) {
  begin();
  listener_.lets_go_at_message = true;
  run(seconds(1));
  EXPECT_EQ(listener_.notes.size(), 2U);
  EXPECT_EQ(exchange_->connections().back().end, "client");
}

TEST_F(SimulatedNetworkTest, hosts_that_are_away_or_unknown_cannot_be_reached) {
  begin();
  network_.set_away("venue.test:443", true);
  NotedListener away;
  open(away);
  std::optional<Result<net::HttpResponse>> answer;
  const auto note = [&answer](const Result<net::HttpResponse>& response) { answer = response; };
  network_.fetch({.url = "https://venue.test/products"}, note);
  run(milliseconds(10));
  EXPECT_EQ(away.notes.back(), "CLOSE venue.test:443: cannot be reached");
  ASSERT_TRUE(answer);
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().retry, Retry::kAfterBackoff);
  network_.set_away("venue.test:443", false);
  network_.fetch({.url = "https://venue.test/products"}, note);
  run(milliseconds(10));
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->status, 200);
  EXPECT_EQ(net::find_header((*answer)->headers, "content-type"), "application/json");
  EXPECT_EQ((*answer)->ts_recv, clock_.wall());
}

TEST_F(SimulatedNetworkTest, the_clock_can_jump_to_what_happens_next) {
  begin();
  run(milliseconds(10));
  for (int i = 0; i < 500; ++i) {
    const RecvTime next = network_.next_at();
    if (next > clock_.wall()) clock_.advance(next - clock_.wall());
    network_.run(Duration(0));
  }
  EXPECT_GT(clock_.wall(), kBegin + seconds(1));
  EXPECT_GT(listener_.notes.size(), 100U);
}

}  // namespace
}  // namespace tapeline::sim
