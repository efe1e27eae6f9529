// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/binance/binance.h"
#include "venue/history_fixture.h"

namespace tapeline::venue::binance {
namespace {

HistoryWish ids(std::uint64_t first, std::uint64_t last, Channel channel = Channel::kTrades) {
  return {.symbol = "BTCUSDT",
          .channel = channel,
          .first_id = first,
          .last_id = last,
          .from_time = EventTime(1'709'251'200'123'456'789)};
}

std::string row(const std::string& id, const std::string& maker = "true") {
  return R"({"id":)" + id +
         R"(,"price":"4.00","qty":"12.0","quoteQty":"48","time":1709251200500,"isBuyerMaker":)" +
         maker + R"(,"isBestMatch":true})";
}

std::string aggregate(int id, int first, int last) {
  return fmt::format(
      R"({{"a":{},"p":"4.00","q":"12.0","f":{},"l":{},"T":1709251200500,"m":false,"M":true}})", id,
      first, last);
}

std::string page_of(const HistoryWish& wish, const std::string& body) {
  return describe_page(*venue().history, wish, body);
}

TEST(BinanceHistory, asks_from_the_first_id_on) {
  EXPECT_EQ(venue().history->target(ids(7, 9), {}),
            "/api/v3/historicalTrades?symbol=BTCUSDT&limit=3&fromId=7");
  EXPECT_EQ(venue().history->target(ids(1, 5000), {}),
            "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=1");
}

TEST(BinanceHistory, a_row_is_the_trade_of_the_stream) {
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("8") + " , " + row("9", "false") + "]"),
            "BTCUSDT trades 8 sell 12@4 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "BTCUSDT trades 9 buy 12@4 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "2 rows, settled 8-9\n");
}

TEST(BinanceHistory, what_a_page_leaves_is_asked_for_above_it) {
  EXPECT_NE(page_of(ids(3, 9), "[" + row("3") + "," + row("5") + "]")
                .find("2 rows, settled 3-5, rest "
                      "/api/v3/historicalTrades?symbol=BTCUSDT&limit=4&fromId=6\n"),
            std::string::npos);
}

TEST(BinanceHistory, an_empty_page_settles_nothing) {
  EXPECT_EQ(page_of(ids(8, 9), "[]"), "0 rows\n");
}

TEST(BinanceHistory, a_page_that_begins_above_the_wish_settles_it) {
  EXPECT_NE(page_of(ids(8, 9), "[" + row("20") + "]").find("1 rows, settled 8-9\n"),
            std::string::npos);
}

TEST(BinanceHistory, a_page_that_lies_is_an_error) {
  const std::string wrong_ids =
      "the answer is no page of trades: its ids are not the next newer ones";
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("7") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("8") + "," + row("8") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("9") + "," + row("8") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("18446744073709551615") + "]"), wrong_ids);
}

TEST(BinanceHistory, a_row_that_cannot_be_read_spoils_the_page) {
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("8") + "," + row("9", "1") + "]"),
            "the answer is no page of trades: bad_field (isBuyerMaker)");
  EXPECT_EQ(page_of(ids(8, 9), R"({"code":-1003,"msg":"Too many requests."})"),
            "the answer is no page of trades: it is no array of objects");
}

TEST(BinanceHistory, aggregates_are_asked_for_by_time_and_then_by_their_own_ids) {
  HistoryWish wish = ids(100, 120, Channel::kAggTrades);
  EXPECT_EQ(venue().history->target(wish, {}),
            "/api/v3/aggTrades?symbol=BTCUSDT&limit=1000&startTime=1709251200123");
  EXPECT_EQ(page_of(wish, "[" + aggregate(26, 99, 104) + "," + aggregate(27, 105, 105) + "]"),
            "BTCUSDT agg_trades 26 buy 12@4 2024-03-01T00:00:00.500000000Z [backfill] fills "
            "99-104\n"
            "BTCUSDT agg_trades 27 buy 12@4 2024-03-01T00:00:00.500000000Z [backfill] fills "
            "105-105\n"
            "2 rows, settled 100-105, rest "
            "/api/v3/aggTrades?symbol=BTCUSDT&limit=1000&fromId=28\n");
  wish.cursor = "28";
  EXPECT_NE(page_of(wish, "[" + aggregate(28, 106, 130) + "]").find("1 rows, settled 100-120\n"),
            std::string::npos);
  EXPECT_EQ(page_of(wish, "[" + aggregate(27, 106, 130) + "]"),
            "the answer is no page of trades: its ids are not the next newer ones");
}

TEST(BinanceHistory, aggregates_before_the_wish_are_paged_over) {
  EXPECT_NE(page_of(ids(100, 120, Channel::kAggTrades), "[" + aggregate(26, 50, 60) + "]")
                .find("1 rows, rest /api/v3/aggTrades?symbol=BTCUSDT&limit=1000&fromId=27\n"),
            std::string::npos);
}

HistoryWish newest(const std::string& cursor = std::string(kNewest)) {
  return {.symbol = "BTCUSDT",
          .from_time = EventTime(1'709'251'200'000'000'000),
          .to_time = EventTime(1'709'251'300'000'000'000),
          .cursor = cursor};
}

// A page goes up, and the pages go down.
TEST(BinanceHistory, the_newest_are_asked_for_without_an_id_and_then_what_is_older) {
  EXPECT_EQ(venue().history->target(newest(), {}),
            "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000");
  EXPECT_NE(page_of(newest(), "[" + row("1500") + "," + row("1501") + "]")
                .find("2 rows, rest "
                      "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=500\n"),
            std::string::npos);
  EXPECT_EQ(venue().history->target(newest("7"), {}),
            "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=0");
}

TEST(BinanceHistory, older_ones_end_with_the_wish_or_the_history) {
  EXPECT_EQ(page_of(newest("1500"), "[]"), "0 rows\n");
  // Of what is older than the venue remembers it shows what it has: that was here.
  EXPECT_EQ(page_of(newest("1500"), "[" + row("1500") + "," + row("1501") + "]").find("rest"),
            std::string::npos);
  EXPECT_EQ(page_of(newest("1500"), "[" + row("499") + "]"),
            "the answer is no page of trades: its ids are not the next newer ones");
  HistoryWish later = newest();
  later.from_time = EventTime(1'709'251'200'500'000'001);
  EXPECT_EQ(page_of(later, "[" + row("1500") + "]").find("rest"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::venue::binance
