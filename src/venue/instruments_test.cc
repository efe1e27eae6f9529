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
