// SPDX-License-Identifier: Apache-2.0
#include "metrics/clock_offset.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>

namespace tapeline::metrics {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kBegin = 1'700'000'000'000'000'000;
constexpr std::int64_t kMs = 1'000'000;

// Ten messages a second for so long, from a clock that is `ahead` of ours, runs so many parts in a
// million faster, and whose messages take 3 ms and something.
struct Line {
  std::int64_t ahead_ns = 0;
  double ppm = 0;
  std::mt19937_64 random{7};

  void run(ClockOffset& clock, Duration from, Duration until) {
    std::exponential_distribution<double> queue(1.0 / (5.0 * kMs));
    for (std::int64_t ns = from.count(); ns < until.count(); ns += 100 * kMs) {
      const auto drifted = static_cast<std::int64_t>(static_cast<double>(ns) * ppm / 1e6);
      const auto way = 3 * kMs + static_cast<std::int64_t>(queue(random));
      clock.add(EventTime(kBegin + ns + ahead_ns + drifted), RecvTime(kBegin + ns + way));
    }
  }
};

TEST(ClockOffset, says_nothing_before_a_window_is_over) {
  ClockOffset clock;
  EXPECT_FALSE(clock.reading());
  Line().run(clock, {}, seconds(9));
  EXPECT_FALSE(clock.reading());
  Line().run(clock, seconds(10), seconds(11));
  ASSERT_TRUE(clock.reading());
  EXPECT_EQ(clock.reading()->windows, 1U);
  EXPECT_FALSE(clock.reading()->drift);
}

TEST(ClockOffset, is_the_quickest_way_less_what_the_other_clock_is_ahead) {
  for (const std::int64_t ahead_ms : {0, 3'000, -250}) {
    ClockOffset clock;
    Line{.ahead_ns = ahead_ms * kMs}.run(clock, {}, seconds(61));
    const auto reading = clock.reading();
    ASSERT_TRUE(reading);
    const double off_ms = static_cast<double>(reading->offset.count()) / kMs;
    EXPECT_NEAR(off_ms, static_cast<double>(3 - ahead_ms), 0.5);
  }
}

TEST(ClockOffset, finds_how_much_faster_the_other_clock_runs) {
  for (const double ppm : {0.0, 40.0, -120.0}) {
    ClockOffset clock;
    Line{.ppm = ppm}.run(clock, {}, std::chrono::minutes(10));
    const auto reading = clock.reading();
    ASSERT_TRUE(reading && reading->drift);
    EXPECT_NEAR(*reading->drift * 1e6, -ppm, 1.0);
  }
}

TEST(ClockOffset, one_bad_minute_moves_the_drift_little) {
  ClockOffset clock;
  Line line;
  line.run(clock, {}, std::chrono::minutes(4));
  for (int i = 0; i < 6; ++i) {  // everything is late by a second
    const std::int64_t ns = (240 + 10 * i) * 1'000 * kMs;
    clock.add(EventTime(kBegin + ns), RecvTime(kBegin + ns + 1'000 * kMs));
  }
  line.run(clock, std::chrono::minutes(5), std::chrono::minutes(10));
  EXPECT_NEAR(*clock.reading()->drift * 1e6, 0, 1.0);
  EXPECT_LT(clock.reading()->offset, milliseconds(4));
}

TEST(ClockOffset, follows_a_clock_that_was_set_and_keeps_a_bounded_number) {
  ClockOffset clock;
  Line().run(clock, {}, std::chrono::minutes(30));
  EXPECT_EQ(clock.reading()->windows, ClockOffset::kDriftWindows);
  Line{.ahead_ns = -2'000 * kMs}.run(clock, std::chrono::minutes(30), std::chrono::minutes(32));
  EXPECT_GT(clock.reading()->offset, seconds(2));
}

}  // namespace
}  // namespace tapeline::metrics
