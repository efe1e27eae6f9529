// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tapeline {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

TEST(JsonText, escape_what_json_does_not_take) {
  EXPECT_EQ(json_of("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_of(std::string("\0\n\x1f", 3)), R"("\u0000\u000a\u001f")");
  EXPECT_EQ(json_of("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"");
}

TEST(JsonText, replace_bytes_that_are_no_utf8) {
  EXPECT_EQ(json_of("a\xFF\xC3"), R"("a\ufffd\ufffd")") << "a start without its rest";
  EXPECT_EQ(json_of("\xC0\x80"), R"("\ufffd\ufffd")") << "longer than needed";
  EXPECT_EQ(json_of("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")") << "half of a surrogate pair";
  EXPECT_EQ(json_of("\xF4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "beyond Unicode";
}

}  // namespace
}  // namespace tapeline
