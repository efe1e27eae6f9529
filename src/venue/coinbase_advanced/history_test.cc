// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/coinbase_advanced/coinbase_advanced.h"
#include "venue/history_fixture.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

HistoryWish ids(std::uint64_t first, std::uint64_t last) {
  return {.symbol = "BTC-USD",
          .first_id = first,
          .last_id = last,
          .from_time = EventTime(1'709'251'199'900'000'000),
          .to_time = EventTime(1'709'251'205'100'000'000)};
}

std::string row(const std::string& id, const std::string& side = "SELL") {
  return R"({"trade_id":")" + id +
         R"(","product_id":"BTC-USD","price":"10.50","size":"2",)"
         R"("time":"2024-03-01T00:00:03.5Z","side":")" +
         side + R"(","bid":"","ask":""})";
}

std::string body_of(const std::string& rows) {
  return R"({"trades":[)" + rows + R"(],"best_bid":"10","best_ask":"11"})";
}

std::string page_of(const HistoryWish& wish, const std::string& body) {
  return describe_page(*venue().history, wish, body);
}

TEST(CoinbaseAdvancedHistory, asks_for_the_seconds_of_the_hole) {
  EXPECT_EQ(venue().history->target(ids(7, 9), {}),
            "/products/BTC-USD/ticker?limit=1000&start=1709251199&end=1709251206");
}

TEST(CoinbaseAdvancedHistory, a_row_is_the_trade_of_the_stream_with_the_taker_s_side) {
  EXPECT_EQ(page_of(ids(8, 9), body_of(row("9") + " , " + row("8", "BUY"))),
            "BTC-USD trades 9 buy 2@10.5 2024-03-01T00:00:03.500000000Z [backfill]\n"
            "BTC-USD trades 8 sell 2@10.5 2024-03-01T00:00:03.500000000Z [backfill]\n"
            "2 rows, settled 8-9\n");
}

TEST(CoinbaseAdvancedHistory, what_a_page_leaves_is_asked_for_up_to_its_last_second) {
  EXPECT_NE(page_of(ids(3, 9), body_of(row("9") + "," + row("8")))
                .find("2 rows, settled 8-9, rest "
                      "/products/BTC-USD/ticker?limit=1000&start=1709251199&end=1709251204"),
            std::string::npos);
}

TEST(CoinbaseAdvancedHistory, a_page_that_is_full_before_it_comes_to_the_wish_settles_nothing) {
  const std::string newer = body_of(row("19") + "," + row("18"));
  EXPECT_NE(page_of(ids(3, 9), newer)
                .find("2 rows, rest "
                      "/products/BTC-USD/ticker?limit=1000&start=1709251199&end=1709251204"),
            std::string::npos)
      << page_of(ids(3, 9), newer);
  // The same second again: there is no more to be had.
  HistoryWish same_second = ids(3, 9);
  same_second.to_time = EventTime(1'709'251'203'500'000'000);
  EXPECT_TRUE(page_of(same_second, newer).ends_with("\n2 rows\n")) << page_of(same_second, newer);
}

TEST(CoinbaseAdvancedHistory, an_empty_page_settles_nothing) {
  EXPECT_EQ(page_of(ids(8, 9), body_of("")), "0 rows\n");
}

TEST(CoinbaseAdvancedHistory, what_is_no_page_or_lies_is_an_error) {
  const std::string none = "the answer is no page of trades: it is no object with trades";
  for (const std::string& body :
       {std::string("<html>"), std::string("[]"), std::string("{}"), std::string(R"({"trades":7})"),
        R"({"trades":[)" + row("9"), body_of("7")}) {
    EXPECT_EQ(page_of(ids(8, 9), body), none) << body;
  }
  EXPECT_EQ(page_of(ids(8, 9), body_of(row("8") + "," + row("9"))),
            "the answer is no page of trades: its ids do not go down");
  EXPECT_EQ(page_of(ids(8, 9), body_of(row("9", "sell"))),
            "the answer is no page of trades: bad_field (side)");
}

TEST(CoinbaseAdvancedHistory, a_page_of_another_product_is_none) {
  std::string other = row("8");
  other.replace(other.find("BTC"), 3, "ETH");
  EXPECT_EQ(page_of(ids(7, 9), R"({"trades":[)" + row("9") + "," + other + "]}"),
            "the answer is no page of trades: its trades are of another product");
}

TEST(CoinbaseAdvancedHistory, a_page_that_lies_of_its_times_makes_the_next_wish_no_earlier) {
  std::string early = row("8");
  early.replace(early.find("T00:00:03.5Z"), 12, "T00:00:00.0Z");
  early.replace(early.find("2024-03-01"), 10, "2024-02-29");
  const std::string bytes =
      R"({"trades":[)" + row("9") + "," + early + "]}" + std::string(kReadPadding, ' ');
  Items items;
  const auto page = venue().history->make_parser()->parse(
      ids(7, 9), std::string_view(bytes).substr(0, bytes.size() - kReadPadding), items);
  ASSERT_TRUE(page && page->rest);
  EXPECT_EQ(page->rest->to_time, ids(7, 9).from_time);
}

}  // namespace
}  // namespace tapeline::venue::coinbase_advanced
