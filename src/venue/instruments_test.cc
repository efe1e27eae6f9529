// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tapeline::venue {
namespace {

std::string rows_of(std::string_view text, const InstrumentFields& fields) {
  std::string out;
  const bool is_read = read_instruments(text, fields, [&out](const InstrumentRow& row) {
    out +=
        std::string(row.symbol) + "=" + std::string(row.base) + "/" + std::string(row.quote) + ";";
  });
  return is_read ? out : "refused";
}

TEST(Instruments, come_in_the_order_of_the_list) {
  EXPECT_EQ(rows_of(R"([{"x":[1],"id":"B-C"},{"id":"A-B","y":{}}])", {.symbol = "id"}),
            "B-C=/;A-B=/;");
  EXPECT_EQ(rows_of("[]", {.symbol = "id"}), "");
}

TEST(Instruments, stand_under_a_key_with_their_parts_in_any_order) {
  const InstrumentFields fields{.list = "rows", .symbol = "s", .base = "b", .quote = "q"};
  EXPECT_EQ(rows_of(R"({"a":1,"rows":[{"q":"Y","s":"XY","b":"X"}],"z":[]})", fields), "XY=X/Y;");
}

TEST(Instruments, may_lie_deep_in_an_object_and_without_a_name) {
  const InstrumentFields fields{.list = "result.list", .symbol = "s"};
  EXPECT_EQ(rows_of(R"({"code":0,"result":{"n":[1],"list":[{"s":"XY"}]},"t":1})", fields), "XY=/;");
  EXPECT_EQ(rows_of(R"({"result":[],"list":[{"s":"XY"}]})", fields), "refused");
  const InstrumentFields named{.list = "r", .is_object = true, .symbol = "s", .base = "b"};
  EXPECT_EQ(rows_of(R"({"r":{"1":{"s":"A\/B","b":"A"},"2":{"s":"CD","b":"C"}}})", named),
            "A/B=A/;CD=C/;");
  EXPECT_EQ(rows_of(R"({"r":{"1":{"s":"AB","b":"A"},"2":{"b":"C"}}})", named), "refused");
  InstrumentFields skipping = named;
  skipping.skips_unnamed = true;
  EXPECT_EQ(rows_of(R"({"r":{"1":{"b":"C"},"2":{"b":"A","s":"AB"}}})", skipping), "AB=A/;");
  EXPECT_EQ(rows_of(R"({"r":[]})", skipping), "refused");
}

TEST(Instruments, are_refused_whole_when_a_row_is_none) {
  const InstrumentFields fields{.list = "rows", .symbol = "s", .base = "b", .quote = "q"};
  for (const char* bad :
       {"", "x", "{}", "[]", R"({"rows":{}})", R"({"rows":[1]})",
        R"({"rows":[{"s":"XY","b":"X"}]})", R"({"rows":[{"s":"X Y","b":"X","q":"Y"}]})",
        R"({"rows":[{"s":1,"b":"X","q":"Y"}]})", R"({"rows":[{"s":"XY","b":"X","q":"Y"})"}) {
    EXPECT_EQ(rows_of(bad, fields), "refused") << bad;
  }
}

}  // namespace
}  // namespace tapeline::venue
