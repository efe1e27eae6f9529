// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"
#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

class CoinbaseAdvancedDialectTest : public testing::Test {
 protected:
  CoinbaseAdvancedDialectTest() : dialect_(make_coinbase_advanced(truth_)) {
    truth_.add(bought(6));
    truth_.add(bought(7));
    feed_ = dialect_->open_feed("/", kFixtureTime);
  }
  Texts ask(std::string_view text) {
    Frames frames;
    feed_->on_message(text, kFixtureTime, frames);
    return texts_of(frames);
  }
  Truth truth_{two_instruments("USD")};
  std::unique_ptr<Dialect> dialect_;
  std::unique_ptr<Feed> feed_;
};

std::string row_of(const std::string& id) {
  return R"({"product_id":"BTC-USD","trade_id":")" + id +
         R"(","price":"41250.1","size":"0.25","time":"2021-04-17T16:43:37.089000Z","side":"SELL"})";
}

TEST_F(CoinbaseAdvancedDialectTest, a_snapshot_comes_before_the_acknowledgement) {
  const Texts texts =
      ask(R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"market_trades"})");
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0], R"({"channel":"market_trades","client_id":"","timestamp":)"
                      R"("2021-04-17T16:43:37.089000Z","sequence_num":0,"events":[)"
                      R"({"type":"snapshot","trades":[)" +
                          row_of("7") + "," + row_of("6") + "]}]}");
  EXPECT_TRUE(holds(texts[1], R"("sequence_num":1,)"));
  EXPECT_TRUE(holds(texts[1], R"([{"subscriptions":{"market_trades":["BTC-USD"]}}])"));
}

TEST_F(CoinbaseAdvancedDialectTest, the_trades_of_an_order_come_newest_first) {
  ask(R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"market_trades"})");
  Fill first = bought(8);
  first.ends_order = false;
  Frames frames;
  feed_->on_fill(first, frames);
  feed_->on_fill(bought(9), frames);
  EXPECT_TRUE(holds(only(texts_of(frames)),
                    R"("update","trades":[)" + row_of("9") + "," + row_of("8") + "]}"));
  EXPECT_EQ(frames[0].first_id, 8U);
  EXPECT_EQ(frames[0].last_id, 9U);
}

TEST_F(CoinbaseAdvancedDialectTest, heartbeats_are_the_connection_s) {
  EXPECT_TRUE(holds(only(ask(R"({"type":"subscribe","channel":"heartbeats"})")),
                    R"({"heartbeats":["heartbeats"]})"));
  Frames frames;
  feed_->on_second(kFixtureTime + std::chrono::seconds(1), frames);
  EXPECT_TRUE(holds(only(texts_of(frames)), R"({"channel":"heartbeats",)"));
}

TEST_F(CoinbaseAdvancedDialectTest, refuses_without_a_channel_of_its_own) {
  EXPECT_EQ(only(ask(R"({"type":"subscribe","channel":"news"})")),
            R"({"type":"error","message":"authentication failure"})");
  EXPECT_TRUE(
      holds(only(ask(R"({"type":"subscribe","product_ids":["X"],"channel":"market_trades"})")),
            "product"));
}

TEST_F(CoinbaseAdvancedDialectTest, the_history_is_asked_for_by_seconds) {
  const auto page = [&](const std::string& target) {
    return dialect_->answer({.target = target}, kFixtureTime).body;
  };
  const std::string tail = R"(,"bid":"","ask":"","exchange":"coinbase"})";
  const std::string newest = row_of("7").substr(0, row_of("7").size() - 1) + tail;
  EXPECT_TRUE(begins(page("/products/BTC-USD/ticker?limit=1&start=1618677817&end=1618677817"),
                     R"({"trades":[)" + newest + R"(],"best_bid")"));
  EXPECT_TRUE(begins(page("/products/BTC-USD/ticker?limit=9&start=1618677818&end=1618677819"),
                     R"({"trades":[],)"));
  EXPECT_EQ(dialect_->answer({.target = "/products/BTC-USD/ticker"}, kFixtureTime).status, 400);
}

TEST_F(CoinbaseAdvancedDialectTest, the_products_stand_under_the_venue_s_own_path_too) {
  const auto page = [&](const std::string& target) {
    return dialect_->answer({.target = target}, kFixtureTime).body;
  };
  const std::string all = page("/api/v3/brokerage/market/products");
  EXPECT_TRUE(holds(all, R"({"product_id":"SKL-BTC","base_increment":"0.1",)"
                         R"("quote_increment":"0.00000001","base_min_size":"0.1",)"
                         R"("status":"online","trading_disabled":false,"product_type":"SPOT",)"
                         R"("quote_currency_id":"BTC","base_currency_id":"SKL",)"
                         R"("alias":"","alias_to":[],"price_increment":"0.00000001"})"));
  EXPECT_TRUE(holds(all, R"("num_products":2})"));
  EXPECT_EQ(page("/products"), all);
  EXPECT_EQ(page("/products?product_type=FUTURE"), R"({"products":[],"num_products":0})");
  EXPECT_TRUE(begins(page("/api/v3/brokerage/market/products/BTC-USD/ticker?limit=1"),
                     R"({"trades":[{"product_id":"BTC-USD","trade_id":"7")"));
}

}  // namespace
}  // namespace tapeline::sim
