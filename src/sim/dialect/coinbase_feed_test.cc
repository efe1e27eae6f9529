// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_feed.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

// The forms are those of the recordings and the venue's documentation (docs of the venue parsers).
constexpr auto kMatch =
    R"({"type":"match","trade_id":7,"maker_order_id":"5eed0000-0000-4000-8000-00000000000a",)"
    R"("taker_order_id":"5eed0000-0000-4000-8000-00000000000b","side":"sell","size":"0.25",)"
    R"("price":"41250.1","product_id":"BTC-USD","sequence":9007,)"
    R"("time":"2021-04-17T16:43:37.089000Z"})";
constexpr auto kTicker =
    R"({"type":"ticker","sequence":9007,"product_id":"BTC-USD","price":"41250.1",)"
    R"("open_24h":"40000","volume_24h":"12.50000000","low_24h":"39000","high_24h":"42000",)"
    R"("volume_30d":"12.50000000","best_bid":"41249.99","best_bid_size":"0.46688654",)"
    R"("best_ask":"41250.10","best_ask_size":"1.50000000","side":"buy",)"
    R"("time":"2021-04-17T16:43:37.089000Z","trade_id":7,"last_size":"0.25"})";

class CoinbaseFeedTest : public testing::Test {
 protected:
  std::vector<std::string> say(const std::string& text) {
    Frames frames;
    feed_.on_message(text, kFixtureTime, frames);
    return texts_of(frames);
  }
  std::vector<std::string> fill(const Fill& fill) {
    Frames frames;
    truth_.add(fill);
    feed_.on_fill(fill, frames);
    return texts_of(frames);
  }
  Frames second(int seconds) {
    Frames frames;
    feed_.on_second(kFixtureTime + std::chrono::seconds(seconds), frames);
    return frames;
  }

  Truth truth_{two_instruments("USD")};
  CoinbaseFeed feed_{truth_, kFixtureTime};
};

TEST_F(CoinbaseFeedTest, a_subscription_is_acknowledged_with_all_that_is_subscribed) {
  EXPECT_EQ(
      say(R"({"type":"subscribe","product_ids":["SKL-BTC","BTC-USD"],"channels":["matches"]})"),
      (Texts{R"({"type":"subscriptions","channels":[{"name":"matches","product_ids":)"
             R"(["BTC-USD","SKL-BTC"]}]})"}));
  EXPECT_EQ(say(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["heartbeat",)"
                R"({"name":"ticker","product_ids":["SKL-BTC"]}]})"),
            (Texts{R"({"type":"subscriptions","channels":[{"name":"matches","product_ids":)"
                   R"(["BTC-USD","SKL-BTC"]},{"name":"ticker","product_ids":["SKL-BTC"]},)"
                   R"({"name":"heartbeat","product_ids":["BTC-USD"]}]})"}));
}

TEST_F(CoinbaseFeedTest, matches_and_tickers_are_written_as_the_venue_writes_them) {
  say(R"({"type":"subscribe","product_ids":["BTC-USD","SKL-BTC"],)"
      R"("channels":["matches","ticker"]})");
  EXPECT_EQ(fill(bought(7)), (Texts{kMatch, kTicker}));
  EXPECT_EQ(
      fill(sold(8)),
      (Texts{
          R"({"type":"match","trade_id":8,"maker_order_id":"5eed0001-0000-4000-8000-00000000000a",)"
          R"("taker_order_id":"5eed0001-0000-4000-8000-00000000000b","side":"buy","size":"985",)"
          R"("price":"0.00001305","product_id":"SKL-BTC","sequence":9008,)"
          R"("time":"2021-04-17T16:43:37.089723Z"})",
          R"({"type":"ticker","sequence":9008,"product_id":"SKL-BTC","price":"0.00001305",)"
          R"("open_24h":"0.000013","volume_24h":"9850.0","low_24h":"0.0000129",)"
          R"("high_24h":"0.0000131","volume_30d":"9850.0","best_bid":"0.00001303",)"
          R"("best_bid_size":"2.0","best_ask":"0.00001305","best_ask_size":"3.0","side":"sell",)"
          R"("time":"2021-04-17T16:43:37.089723Z","trade_id":8,"last_size":"985"})"}));
}

TEST_F(CoinbaseFeedTest, an_order_of_several_trades_is_one_change_of_the_ticker) {
  say(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker"]})");
  Fill first = bought(7);
  first.ends_order = false;
  EXPECT_TRUE((fill(first)).empty());
  EXPECT_EQ(fill(bought(8)).size(), 1U);
}

TEST_F(CoinbaseFeedTest, the_last_match_comes_before_the_acknowledgement_and_only_once) {
  fill(bought(7));
  const std::string subscribe =
      R"({"type":"subscribe","product_ids":["BTC-USD","SKL-BTC"],"channels":["matches","ticker"]})";
  const auto said = say(subscribe);
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0], R"({"type":"last_match)" + std::string(kMatch).substr(14));
  EXPECT_EQ(said[1], kTicker);
  EXPECT_EQ((say(subscribe)).size(), 1U);
}

TEST_F(CoinbaseFeedTest, only_what_is_subscribed_is_sent) {
  EXPECT_TRUE((fill(bought(7))).empty());
  say(R"({"type":"subscribe","product_ids":["SKL-BTC"],"channels":["matches"]})");
  EXPECT_TRUE((fill(bought(8))).empty());
  EXPECT_EQ((fill(sold(1))).size(), 1U);
  say(R"({"type":"unsubscribe","channels":["matches"]})");
  EXPECT_TRUE((fill(sold(2))).empty());
}

TEST_F(CoinbaseFeedTest, unsubscribing_takes_the_products_named_and_no_others) {
  say(R"({"type":"subscribe","product_ids":["BTC-USD","SKL-BTC"],"channels":["matches"]})");
  EXPECT_EQ(say(R"({"type":"unsubscribe","product_ids":["BTC-USD"],"channels":["matches"]})"),
            (Texts{R"({"type":"subscriptions","channels":[{"name":"matches","product_ids":)"
                   R"(["SKL-BTC"]}]})"}));
}

TEST_F(CoinbaseFeedTest, a_heartbeat_a_second_says_the_last_trade) {
  say(R"({"type":"subscribe","product_ids":["BTC-USD","SKL-BTC"],"channels":["heartbeat"]})");
  fill(bought(7));
  EXPECT_EQ(texts_of(second(1)),
            (Texts{R"({"type":"heartbeat","last_trade_id":7,"product_id":"BTC-USD",)"
                   R"("sequence":9007,"time":"2021-04-17T16:43:38.089000Z"})",
                   R"({"type":"heartbeat","last_trade_id":0,"product_id":"SKL-BTC",)"
                   R"("sequence":0,"time":"2021-04-17T16:43:38.089000Z"})"}));
}

TEST_F(CoinbaseFeedTest, who_does_not_subscribe_within_five_seconds_is_sent_away) {
  EXPECT_TRUE((second(4)).empty());
  const Frames frames = second(5);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].kind, FrameKind::kClose);
}

TEST_F(CoinbaseFeedTest, who_has_subscribed_may_stay) {
  say(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches"]})");
  EXPECT_TRUE((second(5)).empty());
}

TEST_F(CoinbaseFeedTest, mistakes_are_refused_with_the_venues_errors_and_change_nothing) {
  const auto reason = [this](const std::string& text) {
    const auto said = say(text);
    return said.size() == 1 ? said[0] : "not one frame";
  };
  EXPECT_EQ(reason("{"), R"({"type":"error","message":"Malformed JSON"})");
  EXPECT_EQ(reason(R"({"type":"hello"})"),
            R"({"type":"error","message":"Type has to be either subscribe or unsubscribe"})");
  EXPECT_EQ(
      reason(R"({"type":"subscribe","product_ids":["BTC-USD","NO-\"X"],"channels":["matches"]})"),
      R"({"type":"error","message":"Failed to subscribe","reason":)"
      R"("NO-\"X is not a valid product"})");
  EXPECT_EQ(reason(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["trades"]})"),
            R"({"type":"error","message":"Failed to subscribe","reason":"trades is not a valid )"
            R"(channel"})");
  EXPECT_EQ(reason(R"({"type":"subscribe","channels":["heartbeat"]})"),
            R"({"type":"error","message":"Failed to subscribe","reason":"You need to specify at )"
            R"(least one product ID for channel heartbeat"})");
  EXPECT_TRUE(holds(reason(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["full"]})"),
                    "now require authentication"));
  EXPECT_EQ(reason(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":[]})"),
            R"({"type":"error","message":"Failed to subscribe","reason":"No channels provided"})");
  EXPECT_TRUE((fill(bought(7))).empty());
}

}  // namespace
}  // namespace tapeline::sim
