// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/kraken_feed.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class KrakenFeedTest : public testing::Test {
 protected:
  Texts say(const std::string& text) {
    Frames frames;
    feed_.on_message(text, kFixtureTime, frames);
    return texts_of(frames);
  }
  Texts subscribe(const std::string& channel, const std::string& symbols) {
    return say(R"({"method":"subscribe","params":{"channel":")" + channel + R"(","symbol":[)" +
               symbols + R"(],"snapshot":true},"req_id":7})");
  }
  Frames fill(const Fill& fill) {
    truth_.add(fill);
    Frames frames;
    feed_.on_fill(fill, frames);
    return frames;
  }

  Truth truth_{two_instruments("USD")};
  KrakenFeed feed_{truth_, kFixtureTime};
};

TEST_F(KrakenFeedTest, greets_and_answers_each_symbol) {
  const Texts texts = subscribe("trade", R"("BTC/USD","NO/USD")");
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_TRUE(begins(texts[0], R"({"channel":"status")"));
  EXPECT_EQ(texts[1],
            R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":)"
            R"("BTC/USD"},"success":true,"req_id":7,"time_in":"2021-04-17T16:43:37.089000Z",)"
            R"("time_out":"2021-04-17T16:43:37.089000Z"})");
  EXPECT_TRUE(begins(texts[2], R"({"error":"Currency pair not supported NO/USD",)"
                               R"("method":"subscribe","success":false,"symbol":"NO/USD")"));
}

TEST_F(KrakenFeedTest, trades_of_an_order_come_in_one_frame_with_all_their_digits) {
  subscribe("trade", R"("BTC/USD")");
  Fill first = bought(5);
  first.ends_order = false;
  EXPECT_TRUE(fill(first).empty());
  const Frames frames = fill(bought(6));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].first_id, 5U);
  EXPECT_EQ(frames[0].last_id, 6U);
  const auto row = [](int id) {
    return R"({"symbol":"BTC/USD","side":"buy","price":41250.10,"qty":0.25000000,)"
           R"("ord_type":"market","trade_id":)" +
           std::to_string(id) + R"(,"timestamp":"2021-04-17T16:43:37.089000Z"})";
  };
  const std::string second = row(6);
  EXPECT_EQ(frames[0].text, R"({"channel":"trade","type":"update","data":[)" +
                                row(5).replace(row(5).find("market"), 6, "market") + "," +
                                std::string(second).replace(second.find("market"), 6, "limit") +
                                "]}");
}

TEST_F(KrakenFeedTest, a_subscription_shows_the_latest_fifty_trades_again) {
  for (std::uint64_t id = 1; id <= 60; ++id) truth_.add(bought(id));
  const Texts texts = subscribe("trade", R"("BTC/USD")");
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_TRUE(begins(texts[2], R"({"channel":"trade","type":"snapshot","data":[)"));
  EXPECT_TRUE(holds(texts[2], R"("trade_id":11,)"));
  EXPECT_TRUE(holds(texts[2], R"("trade_id":60,)"));
  EXPECT_FALSE(holds(texts[2], R"("trade_id":10,)"));
}

TEST_F(KrakenFeedTest, a_ticker_is_the_best_bid_and_offer) {
  subscribe("ticker", R"("BTC/USD")");
  const Frames frames = fill(bought(5));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].stream, Stream::kQuotes);
  EXPECT_TRUE(begins(frames[0].text,
                     R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD",)"
                     R"("bid":41249.99,"bid_qty":0.46688654,"ask":41250.10,"ask_qty":1.50000000)"));
}

TEST_F(KrakenFeedTest, beats_once_something_is_subscribed) {
  Frames frames;
  feed_.on_second(kFixtureTime, frames);
  EXPECT_EQ(texts_of(frames).size(), 1U) << "the greeting";
  subscribe("trade", R"("BTC/USD")");
  frames.clear();
  feed_.on_second(kFixtureTime, frames);
  EXPECT_EQ(only(texts_of(frames)), R"({"channel":"heartbeat"})");
}

TEST_F(KrakenFeedTest, mistakes_are_refused) {
  say("{}");
  EXPECT_EQ(only(say("ping")), R"({"error":"Malformed request","success":false})");
  EXPECT_TRUE(begins(only(subscribe("weather", R"("BTC/USD")")),
                     R"({"error":"Channel not supported","method":"subscribe","success":false)"));
  subscribe("trade", R"("BTC/USD")");
  EXPECT_TRUE(begins(only(subscribe("trade", R"("BTC/USD")")), R"({"error":"Already subscribed)"));
  EXPECT_TRUE(
      begins(only(say(R"({"method":"ping","req_id":1})")), R"({"method":"pong","req_id":1,)"));
  Texts last;
  for (int i = 0; i < KrakenFeed::kMessagesMax; ++i) last = say(R"({"method":"ping"})");
  EXPECT_TRUE(begins(only(last), R"({"error":"Exceeded msg rate")"));
}

}  // namespace
}  // namespace tapeline::sim
