// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"
#include "sim/dialect/dialect_fixture.h"
#include "sim/dialect/finnhub_conditions.h"
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
  const std::string row =
      R"({"c":["1","8","24"],"p":41250.1,"s":"BTC-USD","t":1618677817089,"v":0.25})";
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
  EXPECT_TRUE(holds(only(texts_of(frames)), R"("v":0.25},{"c":null,)"));
  EXPECT_TRUE(holds(only(texts_of(frames)), R"("v":0}],)"));
}

TruthTrade trade_of(std::int64_t second, std::int64_t price, std::int64_t size) {
  return {.ts_event = EventTime(second * 1'000'000'000), .price = price, .size = size};
}

TEST(FinnhubConditions, follow_from_the_trade_alone) {
  const auto said = [](const TruthTrade& trade) {
    constexpr const char* kCounts[] = {"volume", "fallback", "all"};
    return finnhub_codes(trade) + " " + finnhub_codes_text(trade) + " " +
           kCounts[static_cast<std::size_t>(finnhub_counts_for(trade))];
  };
  EXPECT_EQ(said(trade_of(0, 1, 8)), R"(["1"] 1 all)");
  EXPECT_EQ(said(trade_of(9, 5, 9)), "null  all");
  EXPECT_EQ(said(trade_of(6, 5, 8)), R"(["1","8"] 1 8 all)");
  EXPECT_EQ(said(trade_of(6, 1, 2)), R"(["1","12"] 1 12 volume)");
  EXPECT_EQ(said(trade_of(7, 1, 8)), R"(["1","24"] 1 24 fallback)");
  EXPECT_EQ(said(trade_of(19, 1, 6)), R"(["1","24","12"] 1 12 24 volume)");
  EXPECT_EQ(said(trade_of(0, 1, 20)), R"(["1","37"] 1 37 all)");
  EXPECT_EQ(said(trade_of(0, 1, 12)), R"(["1","T"] 1 other all)");
}

// By hand: three trades of regular hours, one of them an odd lot, then two of extended hours.
TEST(FinnhubConditions, decide_the_true_bars) {
  Truth truth(two_instruments("USD"), Truth::kTradesMaxDefault, &kFinnhubConditions);
  Fill fill = bought(1);
  const auto add = [&](std::int64_t second, std::int64_t price, std::int64_t size) {
    fill.ts_event = EventTime(second * 1'000'000'000);
    fill.price = price;
    fill.size = size;
    truth.add(fill);
    ++fill.id;
  };
  add(5, 90, 2);   // 1: an odd lot
  add(5, 101, 8);  // 2
  add(6, 102, 8);  // 3
  add(7, 50, 8);   // 4: extended hours
  add(8, 150, 6);  // 5: both
  const auto bars = [&](int seconds) {
    return truth.history(0).bars(std::chrono::seconds(seconds), kEventTimeMin, kEventTimeMax);
  };
  const auto all = bars(60);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].open, 101);
  EXPECT_EQ(all[0].high, 102);
  EXPECT_EQ(all[0].low, 101);
  EXPECT_EQ(all[0].close, 102);
  EXPECT_EQ(static_cast<std::int64_t>(all[0].volume), 32);
  EXPECT_EQ(all[0].trades, 5U);
  EXPECT_EQ(all[0].first_id, 2U);
  EXPECT_EQ(all[0].last_id, 3U);
  const auto each = bars(1);
  ASSERT_EQ(each.size(), 4U);
  EXPECT_EQ(each[2].open, 50) << "extended hours alone";
  EXPECT_TRUE(each[2].has_prices());
  EXPECT_FALSE(each[3].has_prices()) << "an odd lot alone";
  EXPECT_EQ(static_cast<std::int64_t>(each[3].volume), 6);
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
