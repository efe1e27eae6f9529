// SPDX-License-Identifier: Apache-2.0
#include "app/repeat_limit.h"

#include <gtest/gtest.h>

#include <limits>

namespace tapeline::app {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

int admitted(RepeatLimit& limit, int calls, std::int64_t now_ns) {
  int count = 0;
  for (int i = 0; i < calls; ++i) count += limit.admits(LogLevel::kWarn, "lost", now_ns) ? 1 : 0;
  return count;
}

TEST(RepeatLimit, admits_a_few_a_second_and_tells_the_rest_once) {
  RepeatLimit limit;
  EXPECT_EQ(admitted(limit, 20, 7), 5);
  EXPECT_TRUE(limit.take_ended(6 + kSecond).empty()) << "the window lasts a whole second";
  EXPECT_EQ(admitted(limit, 1, 6 + kSecond), 0);
  const auto told = limit.take_ended(7 + kSecond);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].level, LogLevel::kWarn);
  EXPECT_EQ(told[0].message, "lost");
  EXPECT_EQ(told[0].count, 16U);
  EXPECT_TRUE(limit.take_ended(std::numeric_limits<std::int64_t>::max()).empty());
  EXPECT_EQ(admitted(limit, 20, 7 + kSecond), 5) << "a window of its own";
}

TEST(RepeatLimit, what_was_not_withheld_is_not_told) {
  RepeatLimit limit;
  EXPECT_EQ(admitted(limit, 5, 0), 5);
  EXPECT_TRUE(limit.take_ended(kSecond).empty());
}

TEST(RepeatLimit, messages_and_levels_are_counted_apart) {
  RepeatLimit limit;
  EXPECT_EQ(admitted(limit, 20, 0), 5);
  EXPECT_TRUE(limit.admits(LogLevel::kError, "lost", 0));
  EXPECT_TRUE(limit.admits(LogLevel::kWarn, "found", 0));
}

TEST(RepeatLimit, remembers_a_bounded_number_of_messages) {
  RepeatLimit limit;
  for (std::size_t i = 0; i < RepeatLimit::kMessagesMax; ++i) {
    EXPECT_TRUE(limit.admits(LogLevel::kInfo, std::to_string(i), 0));
  }
  EXPECT_EQ(admitted(limit, 20, 0), 20);
  EXPECT_TRUE(limit.take_ended(kSecond).empty());
  EXPECT_EQ(admitted(limit, 20, kSecond), 5) << "there is room again";
}

}  // namespace
}  // namespace tapeline::app
