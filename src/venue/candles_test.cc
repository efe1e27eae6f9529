// SPDX-License-Identifier: Apache-2.0
#include "venue/candles.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/padding.h"

namespace tapeline::venue {
namespace {

constexpr std::int64_t kMinute = 1'618'677'780;

constexpr CandleFormat kRows{.columns = {0, 3, 2, 1, 4, 5, 6},
                             .time_unit = std::chrono::seconds(1)};
constexpr CandleFormat kObjects{.path = {"data", "rows"},
                                .names = {"t", "o", "h", "l", "c", "v", "n"},
                                .time_unit = std::chrono::milliseconds(1)};

std::string describe(const CandleFormat& format, const std::string& body) {
  std::string bytes = body;
  bytes.append(kReadPadding, ']');
  const auto candles = read_candles(format, std::string_view(bytes).substr(0, body.size()));
  if (!candles) return candles.error().text;
  std::string out;
  for (const WireCandle& c : *candles) {
    out +=
        fmt::format("{} {} {} {} {} x {}", unix_s(c.start) - kMinute, to_string(c.open),
                    to_string(c.high), to_string(c.low), to_string(c.close), to_string(c.volume));
    if (c.trades) out += fmt::format(" of {}", *c.trades);
    out += '\n';
  }
  return out;
}

std::string row(std::int64_t minute, const std::string& rest = ",1,4,2,3,7.50,9]") {
  return fmt::format("[{}{}", kMinute + minute * 60, rest);
}

TEST(Candles, of_arrays_are_read_by_their_columns_and_the_oldest_first) {
  EXPECT_EQ(describe(kRows, "[" + row(1) + " , " + row(0, ",\"1\",\"4\",\"2.0\",3,0.1,0]") + "]"),
            "0 2 4 1 3 x 0.1 of 0\n"
            "60 2 4 1 3 x 7.5 of 9\n");
  EXPECT_EQ(describe(kRows, "[]"), "");
}

TEST(Candles, of_objects_are_read_by_their_names_at_the_end_of_a_path) {
  EXPECT_EQ(describe(kObjects, R"({"code":0,"rows":7,"data":{"x":[[1]],"rows":[)"
                               R"({"t":"1618677780000","o":"1.10","h":"1.1","l":"1.1","c":"1.1",)"
                               R"("v":"0","more":[{}]}]},"end":null})"),
            "0 1.1 1.1 1.1 1.1 x 0\n");
}

TEST(Candles, digits_survive_that_no_double_holds) {
  EXPECT_EQ(describe(kRows, "[" +
                                row(0,
                                    ",0.000000000000000001,9007199254740993,1,2,"
                                    "12345678.12345678901,1]") +
                                "]"),
            "0 1 9007199254740993 0.000000000000000001 2 x 12345678.12345678901 of 1\n");
}

TEST(Candles, that_cannot_be_spoil_the_page) {
  const auto why = [](const std::string& rest) {
    std::string text = describe(kRows, "[" + row(0) + "," + row(1, rest) + "]");
    const std::string_view mark = "the answer is no page of candles: ";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
  };
  EXPECT_EQ(why(",3,2,2,2,1,1]"), "bad_price (high and low)") << "low above high";
  EXPECT_EQ(why(",1,4,5,3,1,1]"), "bad_price (high and low)") << "open above high";
  EXPECT_EQ(why(",1,4,2,0.5,1,1]"), "bad_price (high and low)") << "close below low";
  EXPECT_EQ(why(",1,4,2,3,-1,1]"), "negative_size (volume)");
  EXPECT_EQ(why(",1,4,2,3]"), "missing_field (volume)");
  EXPECT_EQ(why(",1,4,2,3,1,-1]"), "bad_id (trades)");
  EXPECT_EQ(why(",1,4,2,1e400,1,1]"), "bad_price (close)");
  EXPECT_EQ(describe(kRows, "[[1618677781,1,4,2,3,1,1]]"),
            "the answer is no page of candles: bad_time (time)");
  EXPECT_EQ(describe(kRows, "[[18446744073709551600,1,4,2,3,1,1]]"),
            "the answer is no page of candles: bad_time (time)");
}

TEST(Candles, in_no_order_or_twice_are_a_lie) {
  const std::string lie = "the answer is no page of candles: its rows are in no order";
  EXPECT_EQ(describe(kRows, "[" + row(0) + "," + row(0) + "]"), lie);
  EXPECT_EQ(describe(kRows, "[" + row(0) + "," + row(2) + "," + row(1) + "]"), lie);
  EXPECT_EQ(describe(kRows, "[" + row(2) + "," + row(0) + "," + row(1) + "]"), lie);
}

TEST(Candles, are_no_more_than_any_venue_gives) {
  std::string body = "[" + row(0);
  for (int i = 1; i < 5'001; ++i) body += "," + row(i);
  EXPECT_EQ(describe(kRows, body + "]"), "the answer is no page of candles: it has too many rows");
}

TEST(Candles, another_answer_is_no_page) {
  for (const char* body :
       {"", "<html>", "{}", "null", "[1]", "[[", "[] x", R"({"message":"no"})"}) {
    EXPECT_EQ(describe(kRows, body), "the answer is no page of candles: it has no list of rows")
        << body;
  }
  for (const char* body : {"", "[]", "{}", R"({"data":[]})", R"({"data":{"rows":{}}})",
                           R"({"data":{"rows":[],"rows":[]}})", R"({"data":{"rows":[]})"}) {
    EXPECT_EQ(describe(kObjects, body), "the answer is no page of candles: it has no list of rows")
        << body;
  }
}

}  // namespace
}  // namespace tapeline::venue
