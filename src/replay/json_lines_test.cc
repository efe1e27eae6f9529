// SPDX-License-Identifier: Apache-2.0
#include "replay/json_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "replay/rows.h"

namespace tapeline::replay {
namespace {

std::string object_of(std::string_view header, std::string_view row) {
  std::string out;
  JsonLines(header).append(out, row);
  return out;
}

std::string json_of(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

TEST(JsonLines, give_each_column_its_name_and_counts_as_numbers) {
  EXPECT_EQ(object_of("instrument,open,trades,cause", "coinbase:BTC-USD,45119.68,3,"),
            R"({"instrument":"coinbase:BTC-USD","open":"45119.68","trades":3,"cause":null})");
}

TEST(JsonLines, keep_every_decimal_and_id_as_text) {
  EXPECT_EQ(object_of(kTradesHeader, "a:B,7,t,t,1.10,0.123456789012345678,buy,"),
            R"({"instrument":"a:B","trade_id":"7","ts_event":"t","ts_recv":"t","price":"1.10",)"
            R"("size":"0.123456789012345678","side":"buy","flags":null})");
  EXPECT_EQ(object_of(kQuotesHeader, "a:B,t,t,1,2,3,4,"),
            R"({"instrument":"a:B","ts_event":"t","ts_recv":"t","bid_price":"1","bid_size":"2",)"
            R"("ask_price":"3","ask_size":"4","flags":null})");
  EXPECT_EQ(object_of(kBarsHeader, "a:B,1m,t,1,2,3,4,5,6,7,8,9,10,11,final,gap,2,"),
            R"({"instrument":"a:B","interval":"1m","start":"t","open":"1","high":"2","low":"3",)"
            R"("close":"4","volume":"5","buy_volume":"6","notional":"7","vwap":"8","trades":9,)"
            R"("first_id":"10","last_id":"11","state":"final","quality":"gap","revision":2,)"
            R"("cause":null})");
  EXPECT_EQ(object_of(kGapsHeader, "a:B,trades,1,2,t,t,lost,open"),
            R"({"instrument":"a:B","channel":"trades","from_id":"1","to_id":"2","from_time":"t",)"
            R"("to_time":"t","cause":"lost","state":"open"})");
}

TEST(JsonLines, read_quoted_fields) {
  EXPECT_EQ(object_of("a,b,c", "\"x,\"\"y\"\"\",\"\",z"), R"({"a":"x,\"y\"","b":null,"c":"z"})");
}

TEST(JsonLines, escape_what_json_does_not_take) {
  EXPECT_EQ(json_of("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_of(std::string("\0\n\x1f", 3)), R"("\u0000\u000a\u001f")");
  EXPECT_EQ(json_of("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"");
}

TEST(JsonLines, replace_bytes_that_are_no_utf8) {
  EXPECT_EQ(json_of("a\xFF\xC3"), R"("a\ufffd\ufffd")") << "a start without its rest";
  EXPECT_EQ(json_of("\xC0\x80"), R"("\ufffd\ufffd")") << "longer than needed";
  EXPECT_EQ(json_of("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")") << "half of a surrogate pair";
  EXPECT_EQ(json_of("\xF4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "beyond Unicode";
}

}  // namespace
}  // namespace tapeline::replay
