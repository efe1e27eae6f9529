// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/venue_reference.h"
#include "venue/kraken/kraken.h"

namespace tapeline::venue::kraken {
namespace {

std::string said(const std::string& frame) {
  static const auto kParser = venue().make_parser();
  return reference::describe(*kParser, frame);
}

// A trade with one of its fields written otherwise; empty: left out.
std::string said_with(const std::string& name, const std::string& value) {
  std::string row;
  for (auto [key, text] : {std::pair<std::string, std::string>{"symbol", "\"A/USD\""},
                           {"side", "\"buy\""},
                           {"price", "3.0"},
                           {"qty", "2.50"},
                           {"ord_type", "\"limit\""},
                           {"trade_id", "17"},
                           {"timestamp", "\"2024-03-01T00:00:00.000001Z\""}}) {
    if (key == name) text = value;
    if (!text.empty()) row += (row.empty() ? "\"" : ",\"") + key + "\":" + text;
  }
  return said(R"({"channel":"trade","type":"update","data":[{)" + row + "}]}");
}

std::string trade(const std::string& id, const std::string& price = "3",
                  const std::string& size = "2.5") {
  return "trade trades A/USD buy id=" + id + " price=" + price + " size=" + size +
         " time=2024-03-01T00:00:00.000001000Z order=0 flags=[] has_id=true\n";
}

TEST(KrakenParser, numbers_keep_every_digit_of_their_text) {
  EXPECT_EQ(said_with("", ""), trade("17"));
  EXPECT_EQ(said_with("price", "0.1000000000000000055"), "reject bad_price trades [price]\n");
  EXPECT_EQ(said_with("price", "90071992.54740993"), trade("17", "90071992.54740993"));
  EXPECT_EQ(said_with("qty", "123456789012345678"), trade("17", "3", "123456789012345678"));
  EXPECT_EQ(said_with("qty", "40.00000000"), trade("17", "3", "40"));
  EXPECT_EQ(said_with("qty", "1e-8"), trade("17", "3", "0.00000001"));
  EXPECT_EQ(said_with("trade_id", "9007199254740993"), trade("9007199254740993"));
}

TEST(KrakenParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"symbol", "side", "price", "qty", "trade_id", "timestamp"}) {
    EXPECT_EQ(said_with(name, ""), "reject missing_field trades [" + std::string(name) + "]\n");
  }
  EXPECT_EQ(said_with("ord_type", ""), trade("17"));
  EXPECT_EQ(said_with("side", "\"Buy\""), "reject bad_field trades [side]\n");
}

TEST(KrakenParser, a_row_that_is_refused_leaves_the_others) {
  const std::string row = R"({"symbol":"A/USD","side":"buy","price":3,"qty":2.5,"trade_id":17,)"
                          R"("timestamp":"2024-03-01T00:00:00.000001Z"})";
  const std::string front = R"({"channel":"trade","type":"update","data":[)";
  EXPECT_EQ(said(front + row + ",{}," + row + "]}"),
            trade("17") + "reject missing_field trades [symbol]\n" + trade("17"));
  EXPECT_EQ(said(front + row + ",{]}"), "reject bad_json trades []\n") << "no JSON is no frame";
}

TEST(KrakenParser, rows_may_come_before_what_they_are) {
  const std::string row = R"({"symbol":"A/USD","side":"buy","price":3,"qty":2.5,"trade_id":17,)"
                          R"("timestamp":"2024-03-01T00:00:00.000001Z"})";
  EXPECT_EQ(said(R"({"data":[)" + row + R"(],"channel":"trade","type":"update"})"), trade("17"));
  EXPECT_EQ(said(R"({"channel":"trade","data":[)" + row + R"(],"type":"update"})"), trade("17"));
  EXPECT_EQ(said(R"({"data":[)" + row + R"(],"data":[],"channel":"trade","type":"update"})"),
            "reject repeated_key trades []\n");
}

}  // namespace
}  // namespace tapeline::venue::kraken
