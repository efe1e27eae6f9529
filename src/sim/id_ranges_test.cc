// SPDX-License-Identifier: Apache-2.0
#include "sim/id_ranges.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/market/random.h"

namespace tapeline::sim {
namespace {

using Runs = std::map<std::uint64_t, std::uint64_t>;

TEST(IdRanges, runs_that_touch_become_one) {
  IdRanges ids;
  ids.add(5, 6);
  ids.add(9, 9);
  EXPECT_EQ(ids.runs(), (Runs{{5, 6}, {9, 9}}));
  EXPECT_EQ(ids.holes().runs(), (Runs{{7, 8}}));
  ids.add(7, 8);
  EXPECT_EQ(ids.runs(), (Runs{{5, 9}}));
  EXPECT_TRUE(ids.holes().empty());
  ids.add(1, 20);
  EXPECT_EQ(ids.runs(), (Runs{{1, 20}}));
  EXPECT_TRUE(ids.contains(20));
  EXPECT_FALSE(ids.contains(21));
  EXPECT_FALSE(ids.contains(0));
}

TEST(IdRanges, hold_what_a_set_of_single_ids_holds) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    IdRanges ids;
    std::set<std::uint64_t> expected;
    for (int i = 0; i < 30; ++i) {
      const std::uint64_t first = 1 + random.below(60);
      const std::uint64_t last = first + random.below(5);
      ids.add(first, last);
      for (std::uint64_t id = first; id <= last; ++id) expected.insert(id);
    }
    for (std::uint64_t id = 0; id < 70; ++id) {
      ASSERT_EQ(ids.contains(id), expected.contains(id)) << id;
      const bool is_between = id > *expected.begin() && id < *expected.rbegin();
      ASSERT_EQ(ids.holes().contains(id), is_between && !expected.contains(id)) << id;
    }
  }
}

TEST(IdRanges, the_bound_of_runs_is_said) {
  IdRanges ids;
  for (std::uint64_t i = 0; i < IdRanges::kRangesMax; ++i) ids.add(i * 2, i * 2);
  EXPECT_TRUE(ids.is_complete());
  ids.add(IdRanges::kRangesMax * 2, IdRanges::kRangesMax * 2);
  EXPECT_FALSE(ids.is_complete());
  EXPECT_EQ(ids.runs().size(), IdRanges::kRangesMax);
  EXPECT_FALSE(ids.holes().is_complete());
}

}  // namespace
}  // namespace tapeline::sim
