// SPDX-License-Identifier: Apache-2.0
// What a venue whose ids do not count sent while nobody listened is asked of its history, by time.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/check.h"
#include "decode/history_record.h"
#include "feed/feed_fixture.h"

namespace tapeline::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Bitstamp with two streams that speak ten times a second, but for those that say nothing.
class Absence : public testing::Test, public FakePeer {
 protected:
  Absence() {
    FeedsOptions options;
    options.first_connection = ConnectionId(1);
    options.feeds.push_back({.venue = "bitstamp", .symbols = {"BTC-USD", "ETH-USD"}});
    auto made = Feeds::make(options, network, ring, clock);
    TAPELINE_CHECK(made, made.error().text.c_str());
    feeds = std::move(*made);
  }

  void on_connect(FakeConnection& connection) override { connection.accept(); }
  void on_text(FakeConnection& connection, std::string_view text) override {
    if (text.find("heartbeat") != std::string_view::npos) return;
    const bool is_giving_up = text.find("unsubscribe") != std::string_view::npos;
    const char* pair = text.find("btcusd") != std::string_view::npos ? "btcusd" : "ethusd";
    connection.send(fmt::format(
        R"({{"event":"bts:{}subscription_succeeded","channel":"live_trades_{}","data":{{}}}})",
        is_giving_up ? "un" : "", pair));
    if (!is_giving_up && is_revived_by_asking) silent.erase(pair);
  }
  Result<net::HttpResponse> on_fetch(const net::HttpRequest& request) override {
    const bool is_history = request.url.find("/transactions/") != std::string::npos;
    return net::HttpResponse{.body = is_history ? "[]"
                                                : R"([{"url_symbol":"btcusd","name":"BTC/USD"},)"
                                                  R"({"url_symbol":"ethusd","name":"ETH/USD"}])"};
  }

  void speak() {
    for (FakeConnection* each : network.connections()) {
      for (const char* pair : {"btcusd", "ethusd"}) {
        if (silent.contains(pair)) continue;
        each->send(fmt::format(
            R"({{"data":{{"id":1}},"channel":"live_trades_{}","event":"trade"}})", pair));
      }
    }
  }
  void run(Duration time) {
    constexpr Duration kStep = milliseconds(10);
    for (Duration passed{}; passed < time; passed += kStep) {
      clock.advance(kStep);
      if (clock.wall().unix_ns() % Duration(milliseconds(100)).count() == 0) speak();
      network.run({});
      feeds->do_work();
      drain();
    }
  }
  void drain() {
    journal::Record record;
    for (; ring.front(record); ring.pop()) {
      if (record.type != journal::RecordType::kAnswer) continue;
      const auto answer = decode::parse_history_answer(record.bytes);
      if (!answer || !*answer) continue;
      const venue::HistoryWish& wish = (*answer)->question.wish;
      if (asked.emplace(wish.symbol, wish.from_time.unix_ns()).second) wishes.push_back(wish);
    }
  }
  // Of a time, in seconds since the start.
  static double seconds_of(EventTime time) {
    return static_cast<double>(time.unix_ns() - kWorldStart) / 1e9;
  }

  std::set<std::string> silent;
  bool is_revived_by_asking = false;
  std::set<std::pair<std::string, std::int64_t>> asked;
  std::vector<venue::HistoryWish> wishes;  // each once, however often it was asked for
  ManualClock clock{RecvTime(kWorldStart)};
  RecordRing ring{std::size_t{1} << 20};
  FakeNetwork network{clock, *this};
  std::unique_ptr<Feeds> feeds;
};

TEST_F(Absence, of_one_stream_that_falls_silent_is_asked_for) {
  run(seconds(30));
  EXPECT_TRUE(wishes.empty());
  is_revived_by_asking = true;
  silent = {"ethusd"};
  run(seconds(60));
  ASSERT_TRUE(silent.empty()) << "it was asked for anew";
  ASSERT_EQ(wishes.size(), 1U);
  EXPECT_EQ(wishes[0].symbol, "ethusd");
  EXPECT_NEAR(seconds_of(wishes[0].from_time), 30 - 5, 0.2);
  EXPECT_NEAR(seconds_of(wishes[0].to_time), 30 + 10 + 5, 1.2);
}

TEST_F(Absence, that_asking_anew_does_not_end_is_asked_for_without_a_hole) {
  run(seconds(30));
  silent = {"ethusd"};
  run(seconds(45));  // asked anew after 10 s and again after 20 s
  ASSERT_EQ(wishes.size(), 2U);
  EXPECT_NEAR(seconds_of(wishes[0].from_time), 30 - 5, 0.2);
  EXPECT_LT(wishes[1].from_time, wishes[0].to_time);
  EXPECT_NEAR(seconds_of(wishes[1].to_time), 30 + 30 + 5, 2.2);
}

TEST_F(Absence, of_a_lost_connection_reaches_back_to_what_each_stream_said_last) {
  run(seconds(30));
  silent = {"ethusd"};
  run(seconds(5));
  silent = {};
  for (FakeConnection* each : network.connections()) each->end({});
  run(seconds(30));
  ASSERT_EQ(wishes.size(), 2U);
  for (const venue::HistoryWish& wish : wishes) {
    const double last = wish.symbol == "ethusd" ? 30 : 35;
    EXPECT_NEAR(seconds_of(wish.from_time), last - 5, 0.2) << wish.symbol;
    EXPECT_GE(seconds_of(wish.to_time), 35 + 5) << wish.symbol;
  }
}

TEST_F(Absence, while_the_clock_was_set_back_is_no_span_that_ends_before_it_begins) {
  run(seconds(30));
  clock.advance(-std::chrono::hours(1));
  for (FakeConnection* each : network.connections()) each->end({});
  run(seconds(30));
  ASSERT_EQ(wishes.size(), 2U);
  for (const venue::HistoryWish& wish : wishes) EXPECT_LT(wish.from_time, wish.to_time);
}

}  // namespace
}  // namespace tapeline::feed
