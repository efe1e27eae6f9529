// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"
#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class BitstampDialectTest : public testing::Test {
 protected:
  BitstampDialectTest() : dialect_(make_bitstamp(truth_)) {
    feed_ = dialect_->open_feed("/", kFixtureTime);
  }
  std::string ask(std::string_view text) {
    Frames frames;
    feed_->on_message(text, kFixtureTime, frames);
    return only(texts_of(frames));
  }
  Truth truth_{two_instruments("USD")};
  std::unique_ptr<Dialect> dialect_;
  std::unique_ptr<Feed> feed_;
};

TEST_F(BitstampDialectTest, a_trade_is_the_taker_s_with_an_id_that_jumps) {
  EXPECT_EQ(ask(R"({"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}})"),
            R"({"event":"bts:subscription_succeeded","channel":"live_trades_btcusd","data":{}})");
  Frames frames;
  feed_->on_fill(bought(7), frames);
  feed_->on_fill(sold(8), frames);
  EXPECT_EQ(only(texts_of(frames)),
            R"({"data":{"id":7000,"timestamp":"1618677817","amount":0.25,)"
            R"("amount_str":"0.25000000","price":41250.1,"price_str":"41250.10","type":0,)"
            R"("microtimestamp":"1618677817089000","buy_order_id":11,"sell_order_id":10},)"
            R"("channel":"live_trades_btcusd","event":"trade"})");
}

TEST_F(BitstampDialectTest, refuses_what_it_does_not_have) {
  EXPECT_TRUE(holds(ask(R"({"event":"bts:subscribe","data":{"channel":"live_trades_x"}})"),
                    "Bad subscription string."));
  EXPECT_TRUE(holds(ask("nonsense"), "bts:error"));
}

TEST_F(BitstampDialectTest, wants_to_hear_of_its_clients) {
  EXPECT_TRUE(holds(ask(R"({"event":"bts:heartbeat"})"), R"("status":"success")"));
  Frames frames;
  feed_->on_second(kFixtureTime + std::chrono::seconds(59), frames);
  EXPECT_TRUE(frames.empty());
  feed_->on_second(kFixtureTime + std::chrono::seconds(60), frames);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].kind, FrameKind::kClose);
}

TEST_F(BitstampDialectTest, the_history_is_to_the_second_and_begins_with_the_newest) {
  truth_.add(bought(7));
  Fill later = bought(8);
  later.ts_event = kFixtureTime + std::chrono::minutes(5);
  later.taker_buys = false;
  truth_.add(later);
  const auto page = [&](const std::string& target) {
    return dialect_->answer({.target = target}, later.ts_event).body;
  };
  const std::string newest = R"({"date":"1618678117","tid":"8000","price":"41250.10",)"
                             R"("amount":"0.25000000","type":"1"})";
  EXPECT_EQ(page("/transactions/btcusd/?time=minute"), "[" + newest + "]");
  EXPECT_TRUE(
      begins(page("/transactions/btcusd/?time=hour"), "[" + newest + R"(,{"date":"16186778)"));
  EXPECT_EQ(dialect_->answer({.target = "/transactions/none/"}, kFixtureTime).status, 404);
  EXPECT_TRUE(holds(page("/trading-pairs-info/"), R"("name":"SKL/BTC","url_symbol":"sklbtc")"));
}

}  // namespace
}  // namespace tapeline::sim
