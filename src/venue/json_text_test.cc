// SPDX-License-Identifier: Apache-2.0
#include "venue/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::venue::json {
namespace {

using namespace std::string_view_literals;

TEST(JsonText, knows_the_grammar_of_numbers) {
  for (const char* good : {"0", "-0", "7", "10", "-12.50", "0.001", "1e5", "1E+5", "2.5e-03"}) {
    EXPECT_TRUE(is_number(good)) << good;
  }
  for (const char* bad : {"", "-", "01", "00", "+1", ".5", "1.", "1e", "1e+", "0x1", "1 ", " 1",
                          "NaN", "-Infinity", "1.2.3", "--1", "1,0"}) {
    EXPECT_FALSE(is_number(bad)) << bad;
  }
}

TEST(JsonText, tells_values_by_their_first_character) {
  EXPECT_EQ(Value().kind(), Kind::kAbsent);
  EXPECT_EQ(Value("\"x\"").kind(), Kind::kString);
  EXPECT_EQ(Value("-1").kind(), Kind::kNumber);
  EXPECT_EQ(Value("true").kind(), Kind::kTrue);
  EXPECT_EQ(Value("false").kind(), Kind::kFalse);
  EXPECT_EQ(Value("null").kind(), Kind::kNull);
  EXPECT_EQ(Value("{").kind(), Kind::kObject);
  EXPECT_EQ(Value("[").kind(), Kind::kArray);
  EXPECT_EQ(Value("\"a b\"").quoted(), "a b");
}

TEST(JsonText, refuses_words_that_only_begin_well) {
  EXPECT_TRUE(is_scalar("true"));
  EXPECT_FALSE(is_scalar("tru"));
  EXPECT_FALSE(is_scalar("truex"));
  EXPECT_FALSE(is_scalar("nul"));
  EXPECT_FALSE(is_scalar("\""));
  EXPECT_FALSE(is_scalar("}"));
}

std::string unescaped(std::string_view text) {
  Scratch scratch;
  scratch.reset(text.size());
  return scratch.unescape(text) ? std::string(text) : "refused";
}

TEST(JsonText, unescapes) {
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(R"(a\"b\\c\/d\b\f\n\r\t)"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20AC\ud83d\ude00)"),
            "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(unescaped(R"(\u0000)"), "\0"sv);
}

TEST(JsonText, refuses_what_is_no_escape) {
  for (const char* bad : {"\\", "\\x", "\\u", "\\u12", "\\u12g4", "\\ud83d", "\\ude00", "\\ud83dx",
                          "\\ud83d\\n", "\\ud83d\\u0041", "\\ud83d\\u12"}) {
    EXPECT_EQ(unescaped(bad), "refused") << bad;
    EXPECT_FALSE(are_escapes_valid(bad)) << bad;
  }
  EXPECT_TRUE(are_escapes_valid(R"(\\u12)"));
}

TEST(JsonText, keeps_earlier_texts_until_the_reset) {
  Scratch scratch;
  scratch.reset(12);
  std::string_view first = R"(\u0041)";
  std::string_view second = R"(\u0042)";
  ASSERT_TRUE(scratch.unescape(first));
  ASSERT_TRUE(scratch.unescape(second));
  EXPECT_EQ(first, "A");
  EXPECT_EQ(second, "B");
}

}  // namespace
}  // namespace tapeline::venue::json
