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

TEST(JsonLines, give_each_column_its_name_and_counts_as_numbers) {
  EXPECT_EQ(object_of("instrument,open,trades,cause", "coinbase:BTC-USD,45119.68,3,"),
            R"({"instrument":"coinbase:BTC-USD","open":"45119.68","trades":3,"cause":null})");
}

TEST(JsonLines, keep_every_decimal_and_id_as_text) {
  EXPECT_EQ(object_of(kTradesHeader, "a:B,7,t,t,1.10,0.123456789012345678,buy,,1 12,volume"),
            R"({"instrument":"a:B","trade_id":"7","ts_event":"t","ts_recv":"t","price":"1.10",)"
            R"("size":"0.123456789012345678","side":"buy","flags":null,)"
            R"("conditions":"1 12","counts":"volume"})");
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

}  // namespace
}  // namespace tapeline::replay
