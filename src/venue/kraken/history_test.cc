// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "venue/history_fixture.h"
#include "venue/kraken/kraken.h"

namespace tapeline::venue::kraken {
namespace {

constexpr std::int64_t kFrom = 1'709'251'200'500'000'000;

HistoryWish ids(std::uint64_t first, std::uint64_t last) {
  return {.symbol = "BTC/USD", .first_id = first, .last_id = last, .from_time = EventTime(kFrom)};
}

std::string row(const std::string& id, const std::string& side = "b") {
  return R"(["10.50000","2.00000000",1709251200.5000019,")" + side + R"(","m","",)" + id + "]";
}

std::string body(const std::string& rows, const std::string& last = "1709251200500002001") {
  return R"({"error":[],"result":{"XXBTZUSD":[)" + rows + R"(],"last":")" + last + "\"}}";
}

std::string page_of(const HistoryWish& wish, const std::string& text) {
  return describe_page(*venue().history, wish, text);
}

constexpr const char* kNine =
    "BTC/USD trades 9 buy 2@10.5 2024-03-01T00:00:00.500002000Z [backfill]\n";

TEST(KrakenHistory, asks_from_the_time_of_the_neighbour_by_the_name_of_the_rest_interface) {
  EXPECT_EQ(venue().history->target(ids(7, 9), {}),
            "/0/public/Trades?pair=XBTUSD&since=1709251200499998000&count=1000");
  HistoryWish next = ids(7, 9);
  next.cursor = "1709251200500002001";
  EXPECT_EQ(venue().history->target(next, {}),
            "/0/public/Trades?pair=XBTUSD&since=1709251200500002001&count=1000");
}

TEST(KrakenHistory, a_row_is_the_trade_of_the_stream) {
  EXPECT_EQ(page_of(ids(9, 10), body(row("9") + " , " + row("10", "s"))),
            std::string(kNine) +
                "BTC/USD trades 10 sell 2@10.5 2024-03-01T00:00:00.500002000Z [backfill]\n"
                "2 rows, settled 9-10\n");
}

TEST(KrakenHistory, goes_on_where_the_venue_left_off) {
  const std::string next = "rest /0/public/Trades?pair=XBTUSD&since=1709251200500002001&count=1000";
  EXPECT_EQ(page_of(ids(8, 12), body(row("9"))),
            std::string(kNine) + "1 rows, settled 8-9, " + next + "\n");
  EXPECT_EQ(page_of(ids(10, 12), body(row("9"))), std::string(kNine) + "1 rows, " + next + "\n")
      << "pages before the wish are paged over";
  EXPECT_EQ(page_of(ids(8, 9), body("")), "0 rows\n") << "what bounds the wish is not there either";
}

TEST(KrakenHistory, a_wish_of_times_ends_with_them) {
  HistoryWish times{
      .symbol = "BTC/USD", .from_time = EventTime(kFrom), .to_time = EventTime(kFrom + 2'000)};
  EXPECT_EQ(page_of(times, body(row("9"))), std::string(kNine) + "1 rows, settled 0-0\n");
  times.to_time = EventTime(kFrom + 2'001);
  EXPECT_NE(page_of(times, body(row("9"))).find("1 rows, rest /0/"), std::string::npos);
}

TEST(KrakenHistory, a_refusal_says_whether_to_try_again) {
  const auto refusal = [](const std::string& text) {
    const std::string bytes = R"({"error":[")" + text + R"("]})" + std::string(kReadPadding, ' ');
    Items items;
    return make_history_parser()
        ->parse(ids(1, 2), std::string_view(bytes).substr(0, bytes.size() - kReadPadding), items)
        .error();
  };
  EXPECT_EQ(refusal("EQuery:Unknown asset pair").text, "refused: EQuery:Unknown asset pair");
  EXPECT_EQ(refusal("EQuery:Unknown asset pair").retry, Retry::kNever);
  EXPECT_EQ(refusal("EAPI:Rate limit exceeded").retry, Retry::kAfterBackoff);
}

TEST(KrakenHistory, a_page_that_lies_is_none) {
  const auto why = [](const HistoryWish& wish, const std::string& text) {
    const std::string said = page_of(wish, text);
    const std::string front = "the answer is no page of trades: ";
    return said.starts_with(front) ? said.substr(front.size()) : said;
  };
  EXPECT_EQ(why(ids(1, 9), body(row("9") + "," + row("9"))), "its ids are not the next newer");
  EXPECT_EQ(why(ids(1, 12), body(row("9"), "x")), "it does not say how to go on");
  HistoryWish same = ids(1, 12);
  same.cursor = "1709251200500002001";
  EXPECT_EQ(why(same, body(row("9"))), "it does not say how to go on") << "it would go in circles";
  EXPECT_EQ(why(ids(1, 9), body(row("x"))), "it is no object with rows");
  EXPECT_EQ(why(ids(1, 9), body(row("-1"))), "bad_id (trade_id)");
  EXPECT_EQ(why(ids(1, 9), body(row("9", "x"))), "bad_field (side)");
  EXPECT_EQ(why(ids(1, 9), body(R"(["1","2"])")), "missing_field (trade_id)");
  EXPECT_EQ(why(ids(1, 9), R"({"error":[],"result":{}})"), "it has no rows of a pair");
  EXPECT_EQ(why(ids(1, 9), R"({"error":[]})"), "it has no rows of a pair");
  EXPECT_EQ(why(ids(1, 9), "<html>"), "it is no object");
  EXPECT_EQ(why(ids(1, 9), R"({"result":{"XBTUSD":[],"XXBTZUSD":[]}})"),
            "it is no object with rows");
  const std::string other = "its trades are of another pair";
  EXPECT_EQ(why(ids(1, 9), R"({"error":[],"result":{"XETHZUSD":[],"last":"1"}})"), other);
  EXPECT_EQ(why(ids(1, 9), R"({"error":[],"result":{"XBTUSDT":[],"last":"1"}})"), other);
}

// The venue writes a double with seven places.
TEST(KrakenHistory, the_noise_of_a_double_is_rounded_away) {
  for (std::int64_t us = 1'709'251'200'000'000; us < 1'709'251'200'100'000; us += 7) {
    const auto number = fmt::format("{:.7f}", static_cast<double>(us) / 1e6);
    ASSERT_EQ(parse_row_time(number), EventTime(us * 1'000)) << number;
  }
  EXPECT_EQ(parse_row_time("1709251200"), EventTime(1'709'251'200'000'000'000));
  for (const char* bad : {"", "-1", "x", "1e9", "99999999999"}) {
    EXPECT_FALSE(parse_row_time(bad)) << bad;
  }
}

TEST(KrakenHistory, of_the_newest_there_is_one_page) {
  HistoryWish newest{.symbol = "BTC/USD",
                     .from_time = EventTime(kFrom - 1'000'000'000),
                     .to_time = EventTime(kFrom + 1'000'000'000),
                     .cursor = std::string(kNewest)};
  EXPECT_EQ(venue().history->target(newest, {}), "/0/public/Trades?pair=XBTUSD&count=1000");
  EXPECT_EQ(page_of(newest, body(row("9"))), std::string(kNine) + "1 rows\n");
}

}  // namespace
}  // namespace tapeline::venue::kraken
