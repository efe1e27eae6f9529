// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/venue_reference.h"
#include "venue/bybit/bybit.h"

namespace tapeline::venue::bybit {
namespace {

// A trade with one of its fields written otherwise; empty: left out.
std::string said_with(const std::string& name, const std::string& value) {
  std::string row;
  for (auto [key, text] : {std::pair<std::string, std::string>{"T", "1709251200000"},
                           {"s", "\"ABUSDT\""},
                           {"S", "\"Buy\""},
                           {"v", "\"2.50\""},
                           {"p", "\"3.0\""},
                           {"L", "\"PlusTick\""},
                           {"i", "\"17\""},
                           {"BT", "false"}}) {
    if (key == name) text = value;
    if (!text.empty()) row += (row.empty() ? "\"" : ",\"") + key + "\":" + text;
  }
  static const auto kParser = venue().make_parser();
  return reference::describe(
      *kParser,
      R"({"topic":"publicTrade.ABUSDT","type":"snapshot","ts":1,"data":[{)" + row + "}]}");
}

std::string trade(const std::string& id) {
  return "trade trades ABUSDT buy id=" + id +
         " price=3 size=2.5 time=2024-03-01T00:00:00.000000000Z order=0 flags=[] has_id=true\n";
}

TEST(BybitParser, ids_are_numbers_or_texts_and_stay_exact) {
  EXPECT_EQ(said_with("i", "\"2100000000007764263\""), trade("2100000000007764263"));
  EXPECT_EQ(said_with("i", "\"20f43950-d8dd-5b31-9112-a178eb6023af\""),
            trade("text 20f43950-d8dd-5b31-9112-a178eb6023af"));
  EXPECT_EQ(said_with("i", "\"\""), "reject bad_id trades [i]\n");
}

TEST(BybitParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"T", "s", "S", "v", "p", "i"}) {
    EXPECT_EQ(said_with(name, ""), "reject missing_field trades [" + std::string(name) + "]\n");
  }
  EXPECT_EQ(said_with("L", ""), trade("17"));
  EXPECT_EQ(said_with("BT", ""), trade("17"));
  EXPECT_EQ(said_with("S", "\"buy\""), "reject bad_field trades [S]\n");
  EXPECT_EQ(said_with("T", "\"1709251200000\""), "reject bad_time trades [T]\n");
}

}  // namespace
}  // namespace tapeline::venue::bybit
