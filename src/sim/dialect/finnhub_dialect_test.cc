// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"
#include "sim/dialect/dialect_fixture.h"
#include "sim/dialect/finnhub_feed.h"

namespace tapeline::sim {
namespace {

class FinnhubDialectTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<Feed> open() const {
    return make_finnhub(truth_)->open_feed("/?token=x", kFixtureTime);
  }
  static Frames ask(Feed& feed, std::string_view text) {
    Frames frames;
    feed.on_message(text, kFixtureTime, frames);
    return frames;
  }
  Truth truth_{two_instruments("USD")};
};

TEST_F(FinnhubDialectTest, lets_in_who_has_a_token) {
  const auto dialect = make_finnhub(truth_);
  EXPECT_FALSE(dialect->refuse("/?token=x"));
  for (const char* target : {"/", "/?token=", "/?token=refused", "/?key=x"}) {
    ASSERT_TRUE(dialect->refuse(target)) << target;
    EXPECT_EQ(dialect->refuse(target)->status, 401);
  }
  EXPECT_EQ(dialect->open_feed("/stream?token=x", kFixtureTime), nullptr);
}

TEST_F(FinnhubDialectTest, the_trades_of_an_order_come_in_one_frame) {
  const auto feed = open();
  EXPECT_TRUE(ask(*feed, R"({"type":"subscribe","symbol":"BTC-USD"})").empty());
  Fill first = bought(7);
  first.ends_order = false;
  Frames frames;
  feed->on_fill(first, frames);
  feed->on_fill(sold(3), frames);  // of a symbol that nobody wants
  EXPECT_TRUE(frames.empty());
  feed->on_fill(bought(8), frames);
  const std::string row = R"({"c":null,"p":41250.1,"s":"BTC-USD","t":1618677817089,"v":0.25})";
  EXPECT_EQ(only(texts_of(frames)), R"({"data":[)" + row + "," + row + R"(],"type":"trade"})");
  EXPECT_EQ(frames[0].first_id, 7U);
  EXPECT_EQ(frames[0].last_id, 8U);
}

TEST_F(FinnhubDialectTest, now_and_then_a_price_comes_without_a_trade) {
  const auto feed = open();
  ask(*feed, R"({"type":"subscribe","symbol":"BTC-USD"})");
  Fill fill = bought(7);
  fill.taker_order = 32;
  Frames frames;
  feed->on_fill(fill, frames);
  EXPECT_TRUE(holds(only(texts_of(frames)), R"("v":0.25},{)"));
  EXPECT_TRUE(holds(only(texts_of(frames)), R"("v":0}],)"));
}

TEST_F(FinnhubDialectTest, what_there_is_not_stays_silent_and_nonsense_does_not) {
  const auto feed = open();
  EXPECT_TRUE(ask(*feed, R"({"type":"subscribe","symbol":"NONE"})").empty());
  EXPECT_TRUE(holds(only(texts_of(ask(*feed, "nonsense"))), R"("msg":"Invalid message")"));
}

TEST_F(FinnhubDialectTest, the_plan_lets_in_fifty_symbols) {
  Truth many(make_instruments(60, "USD"));
  FinnhubFeed feed(many, kFixtureTime);
  std::size_t refused = 0;
  for (const Instrument& row : many.instruments()) {
    const Frames frames = ask(feed, R"({"type":"subscribe","symbol":")" + row.canonical() + "\"}");
    refused += frames.size();
  }
  EXPECT_EQ(refused, 10U);
}

TEST_F(FinnhubDialectTest, pings_when_all_is_quiet) {
  const auto feed = open();
  Frames frames;
  feed->on_second(kFixtureTime + std::chrono::seconds(59), frames);
  EXPECT_TRUE(frames.empty());
  feed->on_second(kFixtureTime + std::chrono::seconds(60), frames);
  EXPECT_EQ(only(texts_of(frames)), R"({"type":"ping"})");
}

TEST_F(FinnhubDialectTest, the_list_of_symbols_needs_the_token) {
  const auto dialect = make_finnhub(truth_);
  EXPECT_EQ(dialect->answer({.target = "/stock/symbol?exchange=US"}, kFixtureTime).status, 401);
  const Answer answer =
      dialect->answer({.target = "/stock/symbol?exchange=US&token=x"}, kFixtureTime);
  EXPECT_TRUE(holds(answer.body, R"("symbol":"SKL-BTC")"));
}

}  // namespace
}  // namespace tapeline::sim
