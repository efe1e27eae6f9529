// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/bitstamp/bitstamp.h"
#include "venue/history_fixture.h"

namespace tapeline::venue::bitstamp {
namespace {

constexpr std::int64_t kNow = 1'709'251'200'000'000'000;

HistoryWish since(Duration age) {
  const EventTime now(kNow);
  return {.symbol = "btcusd", .from_time = now - age, .to_time = now};
}

std::string row(const std::string& id, const std::string& type = "0",
                const std::string& date = "1709251199") {
  return R"({"date":")" + date + R"(","tid":")" + id +
         R"(","price":"10.50","amount":"2.0","type":")" + type + "\"}";
}

std::string page_of(const std::string& body) {
  return describe_page(*venue().history, since(std::chrono::seconds(5)), body);
}

TEST(BitstampHistory, asks_for_as_little_as_reaches_back) {
  const auto target = [](Duration age) {
    return venue().history->target(since(age), RecvTime(kNow));
  };
  EXPECT_EQ(target(std::chrono::seconds(5)), "/transactions/btcusd/?time=minute");
  EXPECT_EQ(target(std::chrono::seconds(55)), "/transactions/btcusd/?time=hour");
  EXPECT_EQ(target(std::chrono::minutes(59)), "/transactions/btcusd/?time=hour");
  EXPECT_EQ(target(std::chrono::hours(30)), "/transactions/btcusd/?time=day");
}

TEST(BitstampHistory, a_row_is_the_trade_of_the_stream_to_the_second) {
  EXPECT_EQ(page_of("[" + row("9", "1") + " , " + row("17") + "]"),
            "btcusd trades 9 sell 2@10.5 2024-02-29T23:59:59.000000000Z [backfill coarse_time]\n"
            "btcusd trades 17 buy 2@10.5 2024-02-29T23:59:59.000000000Z [backfill coarse_time]\n"
            "2 rows\n");
  EXPECT_EQ(page_of("[]"), "0 rows\n");
}

TEST(BitstampHistory, what_is_no_page_is_an_error_and_leaves_nothing) {
  const std::string none = "the answer is no page of trades: it is no array of objects";
  for (const std::string& body : {std::string("<html>"), std::string("{}"), std::string("[1]"),
                                  "[" + row("9"), "[" + row("9") + "]]"}) {
    EXPECT_EQ(page_of(body), none) << body;
  }
  EXPECT_EQ(page_of("[" + row("9") + "," + row("8", "2") + "]"),
            "the answer is no page of trades: bad_field (type)");
  EXPECT_EQ(page_of("[" + row("9", "0", "99999999999") + "]"),
            "the answer is no page of trades: bad_time (date)");
  EXPECT_EQ(page_of(R"([{"date":"1709251199"}])"),
            "the answer is no page of trades: missing_field (tid)");
}

// There are no pages, and an hour may be too much.
TEST(BitstampHistory, of_the_newest_a_minute_is_asked_for_and_of_a_quiet_market_the_hour) {
  HistoryWish newest = since(std::chrono::hours(20));
  newest.cursor = kNewest;
  const auto rest_of = [&](int rows) {
    std::string body = "[" + row("1");
    for (int i = 1; i < rows; ++i) body += "," + row("1");
    const std::string said = describe_page(*venue().history, newest, body + "]");
    return said.substr(said.rfind("rows"));
  };
  EXPECT_EQ(venue().history->target(newest, {}), "/transactions/btcusd/?time=minute");
  EXPECT_EQ(rest_of(80), "rows, rest /transactions/btcusd/?time=hour\n");
  EXPECT_EQ(rest_of(81), "rows\n");
  newest.cursor = "hour";
  EXPECT_EQ(rest_of(1), "rows\n");
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
