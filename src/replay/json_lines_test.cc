// SPDX-License-Identifier: Apache-2.0
#include "replay/json_lines.h"

#include <gtest/gtest.h>

#include <string>

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
