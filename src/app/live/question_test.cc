// SPDX-License-Identifier: Apache-2.0
#include "app/live/question.h"

#include <gtest/gtest.h>

#include <string>

namespace tapeline::app::live {
namespace {

using namespace std::string_literals;

TEST(Questions, go_through_the_socket_unchanged) {
  const Question question{"explain", {{"instrument", "a:B\n:7"}, {"", "x\0y"s}, {"a", ""}}};
  const auto back = decode_question(encode(question));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->what, question.what);
  EXPECT_EQ(back->arguments, question.arguments);
}

TEST(Questions, cut_or_longer_than_they_say_are_none) {
  const std::string good = encode(Question{"verify", {{"from", "then"}}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = decode_question(good.substr(0, size));
    // Cut between arguments it is a shorter question.
    if (cut) {
      EXPECT_EQ(encode(*cut), good.substr(0, size));
    }
  }
  EXPECT_FALSE(decode_question("99999999999999999999999:x"));
  EXPECT_FALSE(decode_question("5:abc"));
  EXPECT_FALSE(decode_question("-1:abc"));
  EXPECT_FALSE(decode_question(""));
}

TEST(Answers, go_through_the_socket_unchanged) {
  const Answer answer{3, "rows\n1:2\n", "differs\0"s};
  const auto back = decode_answer(encode(answer));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->status, 3);
  EXPECT_EQ(back->out, answer.out);
  EXPECT_EQ(back->err, answer.err);
  EXPECT_FALSE(decode_answer(encode(answer) + "x"));
}

}  // namespace
}  // namespace tapeline::app::live
