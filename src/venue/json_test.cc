// SPDX-License-Identifier: Apache-2.0
#include "venue/json.h"
#include "base/padding.h"

#include <gtest/gtest.h>

#include <string>

#include "venue/venue.h"

namespace tapeline::venue::json {
namespace {

using namespace std::string_literals;

// Each field as key=text; or "bad".
std::string fields_of(const std::string& frame) {
  std::string padded = frame + "}]}" + std::string(kReadPadding, '}');
  Reader reader;
  std::string out;
  if (!reader.open({padded.data(), frame.size()})) return "bad";
  const Step step = reader.walk([&](std::string_view key, ondemand::value& value) {
    Value taken;
    const Step taking = reader.take(value, taken);
    out += std::string(key) + "=" + std::string(taken.text()) + ";";
    return taking;
  });
  return step == Step::kNext ? out : "bad";
}

std::string nested(int depth) {
  const auto times = static_cast<std::size_t>(depth);
  return R"({"a":)" + std::string(times, '[') + std::string(times, ']') + "}";
}

TEST(JsonReader, gives_fields_as_they_are_written) {
  EXPECT_EQ(fields_of(R"({"a":"x y","b": 9007199254740993 ,"c":null})"),
            "a=\"x y\";b=9007199254740993;c=null;");
  EXPECT_EQ(fields_of("{}"), "");
  EXPECT_EQ(fields_of(" \t\r\n{ \"a\" : [1,{\"b\":2}] , \"c\" : { } } \n"), "a=[;c={;");
}

TEST(JsonReader, an_array_is_read_element_by_element) {
  const auto elements_of = [](const std::string& text) {
    std::string padded = text + "]" + std::string(kReadPadding, ']');
    Reader reader;
    std::string out;
    if (!reader.open_array({padded.data(), text.size()})) return std::string("bad");
    const auto take = [&](ondemand::value& value) {
      if (Reader::first_of(value) == '[') {
        out += '[';
        return reader.walk_array(value, [&](ondemand::value& inner) {
          Value taken;
          const Step step = reader.take(inner, taken);
          out += std::string(taken.text()) + ";";
          return step;
        });
      }
      return reader.walk(value, [&](std::string_view key, ondemand::value& inner) {
        out += std::string(key) + ";";
        return reader.skip(inner);
      });
    };
    return reader.walk_array(take) == Step::kNext ? out : std::string("bad");
  };
  EXPECT_EQ(elements_of("[]"), "");
  EXPECT_EQ(elements_of(R"( [{"a":1} , ["x",2], {}] )"), R"(a;["x";2;)");
  for (const char* bad : {"", "{}", "[1]", "[{}", "[{}]]", "[{}] x", "[{},]", "[[1 2]]"}) {
    EXPECT_EQ(elements_of(bad), "bad") << bad;
  }
}

TEST(JsonReader, compares_keys_without_their_escapes) {
  EXPECT_EQ(fields_of(R"({"\u0061\"b":1})"), "a\"b=1;");
  EXPECT_EQ(fields_of(R"({"\u006":1})"), "bad");
}

TEST(JsonReader, takes_nothing_but_one_whole_object) {
  for (const char* bad : {"",
                          " ",
                          "[]",
                          "1",
                          "\"a\"",
                          "{",
                          "}",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{\"a\":1,}",
                          "{,}",
                          "{\"a\":1}}",
                          "{\"a\":1}x",
                          "{\"a\":1}{}",
                          "{\"a\":1 \"b\":2}",
                          "{a:1}",
                          "{\"a\" 1}",
                          "{\"a\":1,\"b\"}",
                          "{\"a\":\"b\":1}",
                          "{\"a\":\"b\"c}",
                          "{\"a\":[1,]}",
                          "{\"a\":[1}",
                          "{\"a\":{\"b\":1]}",
                          "{\"a\":{\"b\":1}",
                          "{\"a\":[1 2]}",
                          "{\"a\":[\"b\":1]}",
                          "{'a':1}"}) {
    EXPECT_EQ(fields_of(bad), "bad") << bad;
  }
}

// What was journalled behind a frame is not part of it.
TEST(JsonReader, judges_a_frame_by_itself_whatever_stands_behind_it) {
  for (const std::string frame : {R"({"a":1}})", R"({"a":{"b":1})", R"({"a":[1})", R"({"a":1}])",
                                  R"({"a":1})", R"({"a":{"b":1}})", R"([1])", "{", "}"}) {
    const auto read = [&frame](char behind) {
      const std::string padded = frame + std::string(kReadPadding, behind);
      Reader reader;
      if (!reader.open({padded.data(), frame.size()})) return "not opened"s;
      std::string fields;
      const Step step = reader.walk([&](std::string_view key, ondemand::value& value) {
        fields += key;
        return reader.skip(value);
      });
      return fields + (step == Step::kNext ? " read" : " bad");
    };
    for (int behind = 1; behind < 256; ++behind) {
      EXPECT_EQ(read(static_cast<char>(behind)), read('\0')) << frame << " " << behind;
    }
  }
}

TEST(JsonReader, checks_what_nobody_reads) {
  for (const char* bad :
       {"{\"a\":[tru]}", "{\"a\":{\"b\":01}}", "{\"a\":[1.]}", "{\"a\":[\"\\x\"]}",
        "{\"a\":{\"\\x\":1}}", "{\"a\":[+1]}", "{\"a\":[\"\\ud800\"]}"}) {
    EXPECT_EQ(fields_of(bad), "bad") << bad;
  }
}

TEST(JsonReader, refuses_bytes_that_no_text_has) {
  EXPECT_EQ(fields_of("{\"a\":\"\xff\"}"), "bad");
  EXPECT_EQ(fields_of("{\"a\":\"\xed\xa0\x80\"}"), "bad");
  EXPECT_EQ(fields_of("{\"a\":\"\xc3\"}"), "bad");
  EXPECT_EQ(fields_of("{\"a\":\"x\0y\"}"s), "bad");
  EXPECT_EQ(fields_of("{\"a\":1\0}"s), "bad");
  EXPECT_EQ(fields_of("{\"a\":1}\0"s), "bad");
  EXPECT_EQ(fields_of("{\"a\":\"x\ny\"}"), "bad");
  EXPECT_EQ(fields_of("\xef\xbb\xbf{}"), "bad");
  EXPECT_EQ(fields_of("{\"a\":\"\xc3\xa9\"}"), "a=\"\xc3\xa9\";");
}

TEST(JsonReader, refuses_nesting_beyond_the_limit) {
  EXPECT_EQ(fields_of(nested(kDepthMax)), "a=[;");
  EXPECT_EQ(fields_of(nested(kDepthMax + 1)), "bad");
  EXPECT_EQ(fields_of(nested(10'000)), "bad");
  EXPECT_EQ(fields_of(R"({"a":)" + std::string(10'000, '[')), "bad");
}

TEST(JsonReader, reads_another_frame_after_a_bad_one) {
  const std::string bad = R"({"a":[1)" + std::string(kReadPadding, ' ');
  const std::string good = R"({"b":"\u0041"})" + std::string(kReadPadding, ' ');
  Reader reader;
  EXPECT_FALSE(reader.open({bad.data(), bad.size() - kReadPadding}));
  ASSERT_TRUE(reader.open({good.data(), good.size() - kReadPadding}));
  std::string_view text;
  const Step step = reader.walk([&](std::string_view, ondemand::value& value) {
    Value taken;
    const Step taking = reader.take(value, taken);
    EXPECT_TRUE(reader.string_of(taken, text));
    return taking;
  });
  EXPECT_EQ(step, Step::kNext);
  EXPECT_EQ(text, "A");
}

}  // namespace
}  // namespace tapeline::venue::json
