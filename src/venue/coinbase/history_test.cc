// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/coinbase/coinbase.h"
#include "venue/history_fixture.h"

namespace tapeline::venue::coinbase {
namespace {

HistoryWish ids(std::uint64_t first, std::uint64_t last) {
  return {.symbol = "BTC-USD", .first_id = first, .last_id = last};
}

std::string row(const std::string& id, const std::string& side = "buy") {
  return R"({"time":"2024-03-01T00:00:00.5Z","trade_id":)" + id +
         R"(,"price":"10.50","size":"2","side":")" + side + "\"}";
}

std::string page_of(const HistoryWish& wish, const std::string& body) {
  return describe_page(*venue().history, wish, body);
}

TEST(CoinbaseHistory, asks_for_what_is_older_than_the_hole_s_end) {
  EXPECT_EQ(venue().history->target(ids(7, 9), {}), "/products/BTC-USD/trades?limit=3&after=10");
  EXPECT_EQ(venue().history->target(ids(1, 5000), {}),
            "/products/BTC-USD/trades?limit=1000&after=5001");
}

TEST(CoinbaseHistory, a_row_is_the_trade_of_the_stream_with_the_taker_s_side) {
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("9") + " , " + row("8", "sell") + "]"),
            "BTC-USD trades 9 sell 2@10.5 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "BTC-USD trades 8 buy 2@10.5 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "2 rows, settled 8-9\n");
}

TEST(CoinbaseHistory, what_a_page_leaves_is_asked_for_below_it) {
  EXPECT_NE(page_of(ids(3, 9), "[" + row("9") + "," + row("8") + "]")
                .find("2 rows, settled 8-9, rest /products/BTC-USD/trades?limit=5&after=8"),
            std::string::npos);
}

// It is not documented whether the page begins with the row of the cursor.
TEST(CoinbaseHistory, the_row_of_the_cursor_may_be_there) {
  EXPECT_NE(page_of(ids(8, 9), "[" + row("10") + "," + row("9") + "]")
                .find("2 rows, settled 9-9, rest /products/BTC-USD/trades?limit=1&after=9"),
            std::string::npos);
  EXPECT_NE(page_of(ids(8, 9), "[" + row("10") + "]").find("1 rows, settled 8-9\n"),
            std::string::npos);
}

TEST(CoinbaseHistory, an_empty_page_is_the_end_of_the_history) {
  EXPECT_EQ(page_of(ids(8, 9), "[]"), "0 rows, settled 8-9\n");
}

TEST(CoinbaseHistory, a_page_that_jumps_over_ids_settles_them) {
  EXPECT_NE(page_of(ids(5, 9), "[" + row("4") + "," + row("3") + "]").find("2 rows, settled 5-9\n"),
            std::string::npos);
}

TEST(CoinbaseHistory, a_page_that_lies_is_an_error) {
  const std::string wrong_ids =
      "the answer is no page of trades: its ids are not the next older "
      "ones";
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("12") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("9") + "," + row("9") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("8") + "," + row("9") + "]"), wrong_ids);
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("\"x\"") + "]"), wrong_ids);
}

TEST(CoinbaseHistory, a_row_that_cannot_be_read_spoils_the_page) {
  EXPECT_EQ(page_of(ids(8, 9), "[" + row("9") + "," + row("8", "both") + "]"),
            "the answer is no page of trades: bad_field (side)");
  EXPECT_EQ(page_of(ids(8, 9), R"([{"trade_id":9}])"),
            "the answer is no page of trades: missing_field (price)");
  EXPECT_EQ(page_of(ids(8, 9), R"([{"trade_id":9,"trade_id":9}])"),
            "the answer is no page of trades: it is no array of objects");
}

TEST(CoinbaseHistory, another_answer_is_no_page) {
  const std::string one = "[" + row("9");
  for (const std::string& body :
       {std::string(), std::string("<html>429</html>"), std::string(R"({"message":"NotFound"})"),
        std::string("null"), std::string("[1]"), one, one + "]]", one + "] x"}) {
    EXPECT_EQ(page_of(ids(8, 9), body),
              "the answer is no page of trades: it is no array of objects")
        << body;
  }
}

TEST(CoinbaseHistory, only_trades_have_one) {
  EXPECT_TRUE(venue().history->has_channel(Channel::kTrades));
  EXPECT_FALSE(venue().history->has_channel(Channel::kQuotes));
}

HistoryWish newest(const std::string& cursor = std::string(kNewest)) {
  return {.symbol = "BTC-USD",
          .from_time = EventTime(1'709'251'200'000'000'000),
          .to_time = EventTime(1'709'251'300'000'000'000),
          .cursor = cursor};
}

TEST(CoinbaseHistory, the_newest_are_asked_for_without_an_id_and_then_what_is_older) {
  EXPECT_EQ(venue().history->target(newest(), {}), "/products/BTC-USD/trades?limit=1000");
  EXPECT_NE(page_of(newest(), "[" + row("9") + "," + row("7") + "]")
                .find("2 rows, rest /products/BTC-USD/trades?limit=1000&after=7\n"),
            std::string::npos);
  EXPECT_NE(page_of(newest("7"), "[" + row("7") + "," + row("6") + "]").find("&after=6\n"),
            std::string::npos);
}

TEST(CoinbaseHistory, older_ones_end_with_the_wish_or_the_history) {
  EXPECT_EQ(page_of(newest("7"), "[]"), "0 rows\n");
  EXPECT_EQ(page_of(newest("7"), "[" + row("7") + "]").find("rest"), std::string::npos);
  HistoryWish later = newest();
  later.from_time = EventTime(1'709'251'200'500'000'001);
  EXPECT_EQ(page_of(later, "[" + row("9") + "]").find("rest"), std::string::npos);
  EXPECT_EQ(page_of(newest("7"), "[" + row("8") + "]"),
            "the answer is no page of trades: its ids are not the next older ones");
}

}  // namespace
}  // namespace tapeline::venue::coinbase
