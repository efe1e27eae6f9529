// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/venue_reference.h"
#include "venue/okx/okx.h"

namespace tapeline::venue::okx {
namespace {

std::string said(const std::string& frame) {
  static const auto kParser = venue().make_parser();
  return reference::describe(*kParser, frame);
}

// A trade with one of its fields written otherwise; empty: left out.
std::string said_with(const std::string& name, const std::string& value) {
  std::string row;
  for (auto [key, text] : {std::pair<std::string, std::string>{"instId", "\"A-B\""},
                           {"tradeId", "\"17\""},
                           {"px", "\"3.0\""},
                           {"sz", "\"2.50\""},
                           {"side", "\"buy\""},
                           {"ts", "\"1709251200000\""},
                           {"count", ""}}) {
    if (key == name) text = value;
    if (!text.empty()) row += (row.empty() ? "\"" : ",\"") + key + "\":" + text;
  }
  return said(R"({"arg":{"channel":"trades","instId":"A-B"},"data":[{)" + row + "}]}");
}

std::string trade(const std::string& id, const std::string& fills = "") {
  return "trade trades A-B buy id=" + id +
         " price=3 size=2.5 time=2024-03-01T00:00:00.000000000Z order=0 flags=[] has_id=true" +
         fills + "\n";
}

TEST(OkxParser, an_id_is_the_last_of_as_many_fills_as_the_count_says) {
  EXPECT_EQ(said_with("", ""), trade("17"));
  EXPECT_EQ(said_with("count", "\"1\""), trade("17", " fills=17..17"));
  EXPECT_EQ(said_with("count", "\"17\""), trade("17", " fills=1..17"));
  for (const char* bad : {"\"0\"", "\"18\"", "\"x\"", "\"-1\""}) {
    EXPECT_EQ(said_with("count", bad), "reject bad_id trades [count]\n") << bad;
  }
}

TEST(OkxParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"instId", "tradeId", "px", "sz", "side", "ts"}) {
    EXPECT_EQ(said_with(name, ""), "reject missing_field trades [" + std::string(name) + "]\n");
  }
  for (const char* bad : {"1709251200000", "\"\"", "\"1.5\"", "null"}) {
    EXPECT_EQ(said_with("ts", bad), "reject bad_time trades [ts]\n") << bad;
  }
  EXPECT_EQ(said_with("side", "\"BUY\""), "reject bad_field trades [side]\n");
  EXPECT_EQ(said_with("px", "\"\""), "reject bad_price trades [px]\n");
}

TEST(OkxParser, a_pong_is_no_json_and_keeps_the_connection_alive) {
  EXPECT_EQ(said("pong"), "control heartbeat heartbeat []\n");
  EXPECT_EQ(said("ping"), "reject bad_json other []\n");
}

TEST(OkxParser, an_answer_names_a_channel_and_is_no_push_of_it) {
  EXPECT_EQ(said(R"({"event":"subscribe","arg":{"channel":"trades","instId":"A-B"}})"),
            "control ack other []\n");
  EXPECT_EQ(said(R"({"event":"error","msg":"no","code":"60018"})"),
            "control venue_error other [no (code 60018)]\n");
}

}  // namespace
}  // namespace tapeline::venue::okx
