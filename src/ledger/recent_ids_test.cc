// SPDX-License-Identifier: Apache-2.0
#include "ledger/recent_ids.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace tapeline::ledger {
namespace {

TradeId text_id(std::uint64_t number) { return *TradeId::parse("t" + std::to_string(number)); }

// The horizon as a queue that is searched from end to end.
class Naive {
 public:
  explicit Naive(std::size_t horizon) : horizon_(horizon) {}

  [[nodiscard]] bool contains(const TradeId& id) const {
    return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
  }
  void add(const TradeId& id) {
    ids_.push_back(id);
    if (ids_.size() > horizon_) ids_.pop_front();
  }
  [[nodiscard]] std::size_t size() const { return ids_.size(); }

 private:
  std::size_t horizon_;
  std::deque<TradeId> ids_;
};

RC_GTEST_PROP(RecentIds, remembers_exactly_the_newest, ()) {
  const auto horizon = *rc::gen::element<std::size_t>(1, 2, 3, 31, 32, 33, 64, 65, 100);
  RecentIds ids(horizon);
  Naive naive(horizon);
  // Few different ids, so that many come back before and after they are forgotten.
  const auto kinds = *rc::gen::element<std::uint64_t>(4, 80, 300);
  const auto numbers = *rc::gen::container<std::vector<std::uint64_t>>(
      *rc::gen::inRange<std::size_t>(0, 500), rc::gen::inRange<std::uint64_t>(0, kinds));
  for (const std::uint64_t number : numbers) {
    const TradeId id = number % 3 == 0 ? text_id(number) : TradeId(number << 44);
    RC_ASSERT(ids.contains(id) == naive.contains(id));
    if (!ids.contains(id)) {
      ids.add(id);
      naive.add(id);
    }
    RC_ASSERT(ids.size() == naive.size());
  }
  for (std::uint64_t number = 0; number < kinds; ++number) {
    const TradeId id = number % 3 == 0 ? text_id(number) : TradeId(number << 44);
    RC_ASSERT(ids.contains(id) == naive.contains(id));
  }
}

TEST(RecentIds, is_empty_at_first) {
  const RecentIds ids(10);
  EXPECT_EQ(ids.size(), 0U);
  EXPECT_FALSE(ids.contains(TradeId(0)));
}

TEST(RecentIds, the_oldest_leaves_when_one_more_comes) {
  RecentIds ids(3);
  for (std::uint64_t n = 1; n <= 3; ++n) ids.add(text_id(n));
  EXPECT_TRUE(ids.contains(text_id(1)));
  ids.add(text_id(4));
  EXPECT_FALSE(ids.contains(text_id(1)));
  EXPECT_TRUE(ids.contains(text_id(2)));
  ids.add(text_id(1));
  EXPECT_TRUE(ids.contains(text_id(1))) << "taken for new, it is remembered again";
  EXPECT_FALSE(ids.contains(text_id(2)));
  EXPECT_EQ(ids.size(), 3U);
}

TEST(RecentIds, a_number_and_its_text_are_two_ids) {
  RecentIds ids(8);
  ids.add(TradeId(7));
  EXPECT_FALSE(ids.contains(*TradeId::parse("07")));
  EXPECT_TRUE(ids.contains(*TradeId::parse("7")));
}

}  // namespace
}  // namespace tapeline::ledger
