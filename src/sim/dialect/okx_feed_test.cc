// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/okx_feed.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class OkxFeedTest : public testing::Test {
 protected:
  Texts say(const std::string& text) {
    Frames frames;
    feed_.on_message(text, kFixtureTime, frames);
    return texts_of(frames);
  }
  Texts subscribe(const std::string& channel, const std::string& name) {
    return say(R"({"id":"7","op":"subscribe","args":[{"channel":")" + channel + R"(","instId":")" +
               name + R"("}]})");
  }
  Frames fill(const Fill& fill) {
    truth_.add(fill);
    Frames frames;
    feed_.on_fill(fill, frames);
    return frames;
  }

  Truth truth_{two_instruments("USDT")};
  OkxFeed feed_{truth_, kFixtureTime};
};

TEST_F(OkxFeedTest, answers_each_arg_and_shows_the_last_trade_again) {
  truth_.add(bought(5));
  const Texts texts = subscribe("trades", "BTC-USDT");
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0], R"({"id":"7","event":"subscribe","arg":{"channel":"trades","instId":)"
                      R"("BTC-USDT"},"connId":"a4d3ae55"})");
  EXPECT_TRUE(holds(texts[1], R"("tradeId":"5")"));
  const Texts refused = subscribe("trades", "NO-USDT");
  EXPECT_TRUE(begins(only(refused), R"({"id":"7","event":"error","code":"60018","msg":"Wrong URL )"
                                    R"(or channel:trades,instId:NO-USDT doesn't exist.)"));
}

TEST_F(OkxFeedTest, fills_at_one_price_are_one_trade_with_the_last_id) {
  subscribe("trades", "BTC-USDT");
  Fill first = bought(5);
  first.ends_aggregate = false;
  EXPECT_TRUE(fill(first).empty());
  Fill last = bought(6);
  last.aggregate_first = 5;
  last.aggregate_size = 50'000'000;
  const Frames frames = fill(last);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].first_id, 5U);
  EXPECT_EQ(frames[0].last_id, 6U);
  EXPECT_EQ(frames[0].text,
            R"({"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",)"
            R"("tradeId":"6","px":"41250.1","sz":"0.5","side":"buy","ts":"1618677817089",)"
            R"("count":"2","source":"0","seqId":9006}]})");
}

TEST_F(OkxFeedTest, a_ticker_is_the_best_bid_and_offer) {
  subscribe("tickers", "BTC-USDT");
  const Frames frames = fill(bought(5));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(holds(frames[0].text, R"("askPx":"41250.1","askSz":"1.5","bidPx":"41249.99",)"
                                    R"("bidSz":"0.46688654")"));
}

TEST_F(OkxFeedTest, ends_a_connection_that_says_nothing) {
  Frames frames;
  feed_.on_second(kFixtureTime + std::chrono::seconds(29), frames);
  EXPECT_TRUE(frames.empty());
  feed_.on_message("ping", kFixtureTime + std::chrono::seconds(29), frames);
  EXPECT_EQ(only(texts_of(frames)), "pong");
  frames.clear();
  feed_.on_second(kFixtureTime + std::chrono::seconds(58), frames);
  EXPECT_TRUE(frames.empty());
  feed_.on_second(kFixtureTime + std::chrono::seconds(59), frames);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].kind, FrameKind::kClose);
}

TEST_F(OkxFeedTest, mistakes_are_refused) {
  EXPECT_TRUE(begins(only(say("hello")), R"({"event":"error","code":"60012")"));
  EXPECT_TRUE(begins(only(say(R"({"op":"dance"})")), R"({"event":"error","code":"60012")"));
  EXPECT_TRUE(begins(only(say(R"({"op":"subscribe","args":[]})")), R"({"event":"error")"));
  EXPECT_TRUE(begins(only(subscribe("books", "BTC-USDT")), R"({"id":"7","event":"error")"));
}

}  // namespace
}  // namespace tapeline::sim
