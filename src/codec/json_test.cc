// SPDX-License-Identifier: Apache-2.0
#include "codec/json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codec/topics.h"

namespace tapeline::codec {
namespace {

std::string json_of(const Row& row) {
  std::string out;
  append_json(out, schema_of(row.topic()), row.cells());
  return out;
}

std::string base64_of(std::string_view bytes) {
  const Schema schema{.space = {}, .name = "R", .fields = {{.name = "b", .type = Type::kBytes}}};
  std::string out;
  append_json(out, schema, std::vector<Cell>{Cell(bytes)});
  return out;
}

TEST(Json, trade_has_exact_texts_and_nine_digits) {
  Trade trade;
  trade.side = Side::kBuy;
  trade.ts_event = EventTime(1'600'000'000'000'000'001);
  trade.price = parse_decimal("-0.000000000000000001").value();
  trade.flags.set(Flag::kNoSize);
  trade.id = TradeId(7);
  trade.last_fill = UINT64_MAX;
  Row row;
  row.fill(trade, "a:\"B", {.position = {JournalId(1), 2}, .ordinal = 3});
  EXPECT_EQ(json_of(row),
            R"({"instrument":"a:\"B","channel":"trades","trade_id":"7",)"
            R"("ts_event":"2020-09-13T12:26:40.000000001Z","ts_recv":null,)"
            R"("price":"-0.000000000000000001","size":null,"side":"buy","flags":"no_size",)"
            R"("conditions":"","counts":"all",)"
            R"("first_fill":"0","last_fill":"18446744073709551615","feeds_bars":false,)"
            R"("journal":"1","position":2,"ordinal":3})");
}

// The examples of RFC 4648.
TEST(Json, bytes_are_base64) {
  EXPECT_EQ(base64_of(""), R"({"b":""})");
  EXPECT_EQ(base64_of("f"), R"({"b":"Zg=="})");
  EXPECT_EQ(base64_of("fo"), R"({"b":"Zm8="})");
  EXPECT_EQ(base64_of("foobar"), R"({"b":"Zm9vYmFy"})");
  EXPECT_EQ(base64_of("\xFB\xFF"), R"({"b":"+/8="})");
}

}  // namespace
}  // namespace tapeline::codec
