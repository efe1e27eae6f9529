// SPDX-License-Identifier: Apache-2.0
#include "stream/window.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace tapeline::stream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WindowStart, is_the_time_itself_on_a_boundary) {
  EXPECT_EQ(window_start(EventTime(60'000'000'000), seconds(60)), EventTime(60'000'000'000));
  EXPECT_EQ(window_start(EventTime(0), seconds(60)), EventTime(0));
  EXPECT_EQ(window_start(EventTime(-60'000'000'000), seconds(60)), EventTime(-60'000'000'000));
}

TEST(WindowStart, of_the_last_nanosecond_is_that_of_its_window) {
  EXPECT_EQ(window_start(EventTime(59'999'999'999), seconds(60)), EventTime(0));
  EXPECT_EQ(window_start(EventTime(-1), seconds(60)), EventTime(-60'000'000'000));
  EXPECT_EQ(window_start(EventTime(-60'000'000'001), seconds(60)), EventTime(-120'000'000'000));
}

RC_GTEST_PROP(WindowStart, holds_its_time_and_is_aligned_before_and_after_1970,
              (std::int64_t raw, std::uint32_t length)) {
  const EventTime time(raw / 2);
  const Duration interval(std::int64_t{length} * 1'000'000 + 1);
  const EventTime start = window_start(time, interval);
  RC_ASSERT(start <= time);
  RC_ASSERT(time < start + interval);
  RC_ASSERT(start.unix_ns() % interval.count() == 0);
}

TEST(IntervalPlan, sorts_and_forgets_repetitions) {
  const IntervalPlan plan({seconds(60), seconds(1), seconds(60), seconds(5)});
  ASSERT_EQ(plan.levels().size(), 3U);
  EXPECT_EQ(plan.levels()[0].interval, seconds(1));
  EXPECT_EQ(plan.levels()[1].interval, seconds(5));
  EXPECT_EQ(plan.levels()[2].interval, seconds(60));
}

TEST(IntervalPlan, feeds_a_multiple_from_the_longest_divisor) {
  const IntervalPlan plan({seconds(1), seconds(5), seconds(60), seconds(3600)});
  EXPECT_EQ(plan.roots(), (std::vector<std::size_t>{0}));
  EXPECT_EQ(plan.levels()[0].fed, (std::vector<std::size_t>{1}));
  EXPECT_EQ(plan.levels()[1].fed, (std::vector<std::size_t>{2}));
  EXPECT_EQ(plan.levels()[2].fed, (std::vector<std::size_t>{3}));
}

TEST(IntervalPlan, gives_every_trade_to_lengths_that_do_not_nest) {
  const IntervalPlan plan({seconds(5), seconds(7), seconds(35)});
  EXPECT_EQ(plan.roots(), (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(plan.levels()[0].fed.empty());
  EXPECT_EQ(plan.levels()[1].fed, (std::vector<std::size_t>{2}));
}

TEST(IntervalPlan, of_nothing_is_empty) {
  const IntervalPlan plan({});
  EXPECT_TRUE(plan.levels().empty());
  EXPECT_TRUE(plan.roots().empty());
}

RC_GTEST_PROP(IntervalPlan, reaches_every_level_from_the_trades_exactly_once,
              (std::vector<std::uint8_t> lengths)) {
  std::vector<Duration> intervals;
  for (const std::uint8_t length : lengths)
    intervals.push_back(milliseconds(50 * (1 + length % 60)));
  const IntervalPlan plan(intervals);
  std::multiset<std::size_t> reached(plan.roots().begin(), plan.roots().end());
  for (std::size_t i = 0; i < plan.levels().size(); ++i) {
    for (const std::size_t longer : plan.levels()[i].fed) {
      RC_ASSERT(longer > i);
      RC_ASSERT(plan.levels()[longer].interval % plan.levels()[i].interval == Duration(0));
      reached.insert(longer);
    }
  }
  RC_ASSERT(reached.size() == plan.levels().size());
  for (std::size_t i = 0; i < plan.levels().size(); ++i) RC_ASSERT(reached.count(i) == 1U);
}

}  // namespace
}  // namespace tapeline::stream
