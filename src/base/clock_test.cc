// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <gtest/gtest.h>

namespace tapeline {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, moves_only_when_told) {
  ManualClock clock(RecvTime(1'000));
  EXPECT_EQ(clock.wall(), RecvTime(1'000));
  EXPECT_EQ(clock.wall(), RecvTime(1'000));
  const std::int64_t before = clock.monotonic_ns();
  clock.advance(5s);
  EXPECT_EQ(clock.wall(), RecvTime(5'000'001'000));
  EXPECT_EQ(clock.monotonic_ns() - before, 5'000'000'000);
}

TEST(SystemClock, monotonic_time_never_goes_back) {
  const SystemClock clock;
  std::int64_t last = clock.monotonic_ns();
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t now = clock.monotonic_ns();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, wall_time_is_of_this_age) {
  EXPECT_GT(format_rfc3339(SystemClock().wall().unix_ns()), "2025");
  EXPECT_LT(format_rfc3339(SystemClock().wall().unix_ns()), "2200");
}

}  // namespace
}  // namespace tapeline
