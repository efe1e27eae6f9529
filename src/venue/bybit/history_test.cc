// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/bybit/bybit.h"
#include "venue/history_fixture.h"

namespace tapeline::venue::bybit {
namespace {

const HistoryWish kWish{.symbol = "BTCUSDT", .from_time = EventTime(1), .to_time = EventTime(2)};

std::string row(const std::string& id, const std::string& time = "1709251200500",
                const std::string& symbol = "BTCUSDT") {
  return R"({"execId":")" + id + R"(","symbol":")" + symbol +
         R"(","price":"10.50","size":"2.0","side":"Sell","time":")" + time +
         R"(","isBlockTrade":false,"seq":"79"})";
}

std::string body(const std::string& rows) {
  return R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[)" + rows +
         R"(]},"time":1})";
}

std::string page_of(const std::string& text) {
  return describe_page(*venue().history, kWish, text);
}

TEST(BybitHistory, asks_for_the_latest_and_no_more) {
  EXPECT_EQ(venue().history->target(kWish, {}),
            "/v5/market/recent-trade?category=spot&symbol=BTCUSDT&limit=60");
}

TEST(BybitHistory, rows_are_trades_of_the_stream_and_leave_nothing_to_ask_for) {
  EXPECT_EQ(page_of(body(row("2100000000007764264") + "," + row("2100000000007764263"))),
            "BTCUSDT trades 2100000000007764264 sell 2@10.5 2024-03-01T00:00:00.500000000Z "
            "[backfill]\n"
            "BTCUSDT trades 2100000000007764263 sell 2@10.5 2024-03-01T00:00:00.500000000Z "
            "[backfill]\n2 rows\n");
  EXPECT_EQ(page_of(body("")), "0 rows\n");
}

TEST(BybitHistory, a_page_that_lies_is_none) {
  const auto why = [](const std::string& text) {
    const std::string said = page_of(text);
    const std::string front = "the answer is no page of trades: ";
    return said.starts_with(front) ? said.substr(front.size()) : said;
  };
  const std::string other = "its trades are of another symbol or not the newest first";
  EXPECT_EQ(why(body(row("8", "1709251200500", "ETHUSDT"))), other);
  EXPECT_EQ(why(body(row("7", "1709251200500") + "," + row("8", "1709251200501"))), other);
  std::string linear = body(row("8"));
  linear.replace(linear.find("spot"), 4, "linear");
  EXPECT_EQ(why(linear), "its trades are of another category") << "of the same symbol";
  EXPECT_EQ(why(body(row("8", "x"))), "bad_time (time)");
  EXPECT_EQ(why(body("{}")), "missing_field (symbol)");
  EXPECT_EQ(why(R"({"retCode":0,"result":{}})"), "it has no list");
  EXPECT_EQ(why("{}"), "it has no retCode");
  EXPECT_EQ(why("<html>"), "it is no object");
  EXPECT_EQ(page_of(R"({"retCode":10006,"retMsg":"Too many visits!","result":{}})"),
            "refused: Too many visits! (code 10006)");
}

}  // namespace
}  // namespace tapeline::venue::bybit
