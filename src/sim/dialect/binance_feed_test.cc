// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/binance_feed.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

constexpr auto kTrade =
    R"({"e":"trade","E":1618677817092,"s":"BTCUSDT","t":7,"p":"41250.10000000",)"
    R"("q":"0.25000000","T":1618677817089,"m":false,"M":true})";
constexpr auto kAggTrade =
    R"({"e":"aggTrade","E":1618677817092,"s":"BTCUSDT","a":307,"p":"41250.10000000",)"
    R"("q":"0.25000000","f":7,"l":7,"T":1618677817089,"m":false,"M":true})";
constexpr auto kBookTicker =
    R"({"u":77,"s":"BTCUSDT","b":"41249.99000000","B":"0.46688654","a":"41250.10000000",)"
    R"("A":"1.50000000"})";

class BinanceFeedTest : public testing::Test {
 protected:
  void open(const std::string& target) {
    feed_ = BinanceFeed::open(target, truth_, kFixtureTime);
    ASSERT_NE(feed_, nullptr);
  }
  bool is_endpoint(const std::string& target) {
    return BinanceFeed::open(target, truth_, kFixtureTime) != nullptr;
  }
  std::vector<std::string> say(const std::string& text) {
    Frames frames;
    feed_->on_message(text, now_, frames);
    now_ = now_ + std::chrono::seconds(1);
    return texts_of(frames);
  }
  Frames fill(const Fill& fill) {
    Frames frames;
    feed_->on_fill(fill, frames);
    return frames;
  }

  Truth truth_{two_instruments("USDT")};
  std::unique_ptr<BinanceFeed> feed_;
  EventTime now_ = kFixtureTime;
};

TEST_F(BinanceFeedTest, raw_streams_are_written_as_the_venue_writes_them) {
  open("/ws/btcusdt@trade/btcusdt@aggTrade/btcusdt@bookTicker");
  EXPECT_EQ(texts_of(fill(bought(7))), (Texts{kTrade, kAggTrade, kBookTicker}));
}

TEST_F(BinanceFeedTest, combined_streams_say_their_names) {
  open("/stream?streams=btcusdt@trade/sklbtc@bookTicker");
  EXPECT_EQ(texts_of(fill(bought(7))),
            (Texts{R"({"stream":"btcusdt@trade","data":)" + std::string(kTrade) + "}"}));
  EXPECT_EQ(texts_of(fill(sold(9))),
            (Texts{R"({"stream":"sklbtc@bookTicker","data":{"u":78,"s":"SKLBTC",)"
                   R"("b":"0.00001303","B":"2.00000000","a":"0.00001305",)"
                   R"("A":"3.00000000"}})"}));
}

TEST_F(BinanceFeedTest, a_taker_who_sold_met_a_maker_who_bought) {
  open("/ws/sklbtc@trade");
  EXPECT_EQ(texts_of(fill(sold(9))),
            (Texts{R"({"e":"trade","E":1618677817090,"s":"SKLBTC","t":9,"p":"0.00001305",)"
                   R"("q":"985.00000000","T":1618677817089,"m":true,"M":true})"}));
}

TEST_F(BinanceFeedTest, an_aggregate_comes_with_its_last_trade) {
  open("/ws/btcusdt@aggTrade");
  Fill first = bought(7);
  first.ends_aggregate = first.ends_order = false;
  EXPECT_TRUE((fill(first)).empty());
  Fill second = bought(8);
  second.aggregate_id = 307;
  second.aggregate_first = 7;
  second.aggregate_size = 50'000'000;
  const Frames frames = fill(second);
  EXPECT_EQ(texts_of(frames), (Texts{R"({"e":"aggTrade","E":1618677817089,"s":"BTCUSDT","a":307,)"
                                     R"("p":"41250.10000000","q":"0.50000000","f":7,"l":8,)"
                                     R"("T":1618677817089,"m":false,"M":true})"}));
  EXPECT_EQ(frames[0].first_id, 7U);
  EXPECT_EQ(frames[0].last_id, 8U);
}

TEST_F(BinanceFeedTest, requests_are_acknowledged_with_their_id) {
  open("/stream");
  EXPECT_EQ(say(R"({"method":"SUBSCRIBE","params":["btcusdt@trade","nono@trade"],"id":1})"),
            (Texts{R"({"result":null,"id":1})"}));
  EXPECT_EQ(fill(bought(7)).size(), 1U);
  EXPECT_EQ(say(R"({"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":"a-2"})"),
            (Texts{R"({"result":null,"id":"a-2"})"}));
  EXPECT_EQ(say(R"({"method":"LIST_SUBSCRIPTIONS","id":3})"),
            (Texts{R"({"result":["btcusdt@trade","btcusdt@bookTicker"],"id":3})"}));
  EXPECT_EQ(say(R"({"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":null})"),
            (Texts{R"({"result":null,"id":null})"}));
  EXPECT_EQ(fill(bought(8)).size(), 1U) << "the book is still subscribed";
}

TEST_F(BinanceFeedTest, mistakes_are_refused_with_codes) {
  open("/ws");
  EXPECT_TRUE(begins(only(say("{")), R"({"code":3,"msg":"Invalid JSON)"));
  EXPECT_TRUE(
      begins(only(say(R"({"method":"HELLO","id":5})")), R"({"code":2,"msg":"Invalid request)"));
  EXPECT_TRUE(begins(only(say(R"({"method":"SUBSCRIBE","params":[],"id":5})")), R"({"code":2)"));
}

TEST_F(BinanceFeedTest, endpoints_are_those_of_the_venue) {
  EXPECT_TRUE(is_endpoint("/ws"));
  EXPECT_TRUE(is_endpoint("/ws/btcusdt@trade"));
  EXPECT_TRUE(is_endpoint("/stream"));
  EXPECT_TRUE(is_endpoint("/stream?streams=btcusdt@trade"));
  EXPECT_FALSE(is_endpoint("/"));
  EXPECT_FALSE(is_endpoint("/wss"));
  EXPECT_FALSE(is_endpoint("/stream/x"));
  EXPECT_FALSE(is_endpoint("/stream?streams=btcusdt@trade&timeUnit=MICROSECOND"))
      << "microseconds are not spoken here, and must not look as if they were";
}

TEST_F(BinanceFeedTest, a_sixth_message_within_a_second_ends_the_connection) {
  open("/ws");
  Frames frames;
  for (int i = 0; i < BinanceFeed::kMessagesMax; ++i) {
    feed_->on_message(R"({"method":"LIST_SUBSCRIPTIONS","id":1})", kFixtureTime, frames);
  }
  EXPECT_EQ(frames.back().kind, FrameKind::kControl);
  feed_->on_message(R"({"method":"LIST_SUBSCRIPTIONS","id":1})", kFixtureTime, frames);
  EXPECT_EQ(frames.back().kind, FrameKind::kClose);
}

TEST_F(BinanceFeedTest, a_ping_comes_every_twenty_seconds_and_the_end_after_a_day) {
  open("/ws");
  Frames frames;
  std::vector<int> pings;
  for (int second = 0; second <= 65; ++second) {
    // The venue's seconds are not the connection's own.
    feed_->on_second(kFixtureTime + std::chrono::seconds(second) + std::chrono::milliseconds(300),
                     frames);
    if (!frames.empty()) pings.push_back(second);
    for (const Frame& frame : frames) EXPECT_EQ(frame.kind, FrameKind::kPing);
    frames.clear();
  }
  EXPECT_EQ(pings, (std::vector<int>{20, 40, 60}));
  feed_->on_second(kFixtureTime + std::chrono::hours(24), frames);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].kind, FrameKind::kClose);
}

}  // namespace
}  // namespace tapeline::sim
