// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/history_fixture.h"
#include "venue/okx/okx.h"

namespace tapeline::venue::okx {
namespace {

HistoryWish ids(std::uint64_t first, std::uint64_t last) {
  return {.symbol = "BTC-USDT", .first_id = first, .last_id = last};
}

std::string row(const std::string& id, const std::string& side = "buy") {
  return R"({"instId":"BTC-USDT","side":")" + side + R"(","sz":"2.0","px":"10.50","tradeId":")" +
         id + R"(","ts":"1709251200500"})";
}

std::string body(const std::string& rows) {
  return R"({"code":"0","msg":"","data":[)" + rows + "]}";
}

std::string page_of(const HistoryWish& wish, const std::string& text) {
  return describe_page(*venue().history, wish, text);
}

TEST(OkxHistory, asks_for_what_is_older_than_the_hole_s_end) {
  EXPECT_EQ(venue().history->target(ids(7, 9), {}),
            "/api/v5/market/history-trades?instId=BTC-USDT&type=1&after=10&limit=3");
  EXPECT_EQ(venue().history->target(ids(1, 5000), {}),
            "/api/v5/market/history-trades?instId=BTC-USDT&type=1&after=5001&limit=100");
}

TEST(OkxHistory, a_row_is_a_trade_of_one_fill) {
  EXPECT_EQ(page_of(ids(8, 9), body(row("9") + " , " + row("8", "sell"))),
            "BTC-USDT trades 9 buy 2@10.5 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "BTC-USDT trades 8 sell 2@10.5 2024-03-01T00:00:00.500000000Z [backfill]\n"
            "2 rows, settled 8-9\n");
}

TEST(OkxHistory, what_a_page_leaves_is_asked_for_below_it) {
  const std::string said = page_of(ids(3, 9), body(row("9") + "," + row("8")));
  EXPECT_NE(said.find("2 rows, settled 8-9, rest /api/v5/market/history-trades?instId=BTC-USDT"
                      "&type=1&after=8&limit=5\n"),
            std::string::npos)
      << said;
  EXPECT_EQ(page_of(ids(8, 9), body("")), "0 rows, settled 8-9\n") << "the end of the history";
}

TEST(OkxHistory, a_refusal_says_whether_to_try_again) {
  const auto refusal = [](const std::string& code) {
    const std::string bytes =
        R"({"code":")" + code + R"(","msg":"no","data":[]})" + std::string(kReadPadding, ' ');
    Items items;
    return venue()
        .history->make_parser()
        ->parse(ids(1, 2), std::string_view(bytes).substr(0, bytes.size() - kReadPadding), items)
        .error();
  };
  EXPECT_EQ(refusal("51001").text, "refused: no (code 51001)");
  EXPECT_EQ(refusal("51001").retry, Retry::kNever);
  EXPECT_EQ(refusal("50011").retry, Retry::kAfterBackoff);
}

TEST(OkxHistory, a_page_that_lies_is_none) {
  const auto why = [](const std::string& text) {
    const std::string said = page_of(ids(1, 9), text);
    const std::string front = "the answer is no page of trades: ";
    return said.starts_with(front) ? said.substr(front.size()) : said;
  };
  EXPECT_EQ(why(body(row("10"))), "its ids are not the next older ones") << "nobody asked for it";
  EXPECT_EQ(why(body(row("8") + "," + row("8"))), "its ids are not the next older ones");
  EXPECT_EQ(why(body(row("x"))), "its ids are not the next older ones");
  EXPECT_EQ(why(body(row("8", "x"))), "bad_field (side)");
  std::string other = row("8");
  other.replace(other.find("BTC"), 3, "ETH");
  EXPECT_EQ(why(body(row("9") + "," + other)), "its trades are of another instrument");
  EXPECT_EQ(why(body("{}")), "missing_field (tradeId)");
  EXPECT_EQ(why(body("1")), "it is no object with rows");
  EXPECT_EQ(why(R"({"code":"0"})"), "it has no data");
  EXPECT_EQ(why("{}"), "it has no code");
  EXPECT_EQ(why("<html>"), "it is no object");
}

HistoryWish newest(const std::string& cursor = std::string(kNewest)) {
  return {.symbol = "BTC-USDT",
          .from_time = EventTime(1'709'251'200'000'000'000),
          .to_time = EventTime(1'709'251'300'000'000'000),
          .cursor = cursor};
}

TEST(OkxHistory, the_newest_are_asked_for_without_an_id_and_then_what_is_older) {
  EXPECT_EQ(venue().history->target(newest(), {}),
            "/api/v5/market/history-trades?instId=BTC-USDT&type=1&limit=100");
  EXPECT_NE(page_of(newest(), body(row("9") + "," + row("7")))
                .find("2 rows, rest /api/v5/market/history-trades?instId=BTC-USDT&type=1&after=7"
                      "&limit=100\n"),
            std::string::npos);
  EXPECT_EQ(page_of(newest("7"), body("")), "0 rows\n");
  EXPECT_EQ(page_of(newest("7"), body(row("7"))),
            "the answer is no page of trades: its ids are not the next older ones");
  HistoryWish later = newest();
  later.from_time = EventTime(1'709'251'200'500'000'001);
  EXPECT_EQ(page_of(later, body(row("9"))).find("rest"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::venue::okx
