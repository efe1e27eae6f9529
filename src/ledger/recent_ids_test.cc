// SPDX-License-Identifier: Apache-2.0
#include "ledger/recent_ids.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

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

std::string saved(const RecentIds& ids) {
  ByteWriter out;
  ids.save(out);
  return out.joined();
}

// Full or not, whatever stands where in the ring: what leaves next is the same.
TEST(RecentIds, loaded_from_bytes_forget_in_the_same_order) {
  RecentIds straight(50);
  RecentIds relayed(50);
  for (std::uint64_t n = 0; n < 400; ++n) {
    const TradeId id = n % 3 == 0 ? text_id(n) : TradeId(n * n % 1'009);
    ASSERT_EQ(straight.contains(id), relayed.contains(id)) << n;
    if (straight.contains(id)) continue;
    straight.add(id);
    relayed.add(id);
    const std::string state = saved(relayed);
    ByteReader in(state);
    RecentIds loaded(50);
    loaded.load(in);
    ASSERT_TRUE(in.result().has_value() && in.is_at_end());
    ASSERT_EQ(saved(loaded), saved(straight)) << n;
    relayed = std::move(loaded);
  }
  EXPECT_EQ(relayed.size(), 50U);
}

TEST(RecentIds, that_are_too_many_or_there_twice_are_refused) {
  const auto error_of = [](const std::string& state) {
    ByteReader in(state);
    RecentIds ids(3);
    ids.load(in);
    return in.result() ? "" : in.result().error().text;
  };
  RecentIds four(4);
  for (std::uint64_t n = 1; n <= 4; ++n) four.add(TradeId(n));
  EXPECT_EQ(error_of(saved(four)), "recent ids: there are too many of one thing");
  ByteWriter twice;
  twice.number(2U);
  TradeId(7).save(twice);
  TradeId(7).save(twice);
  EXPECT_EQ(error_of(twice.joined()), "recent ids: an id is there twice");
}

TEST(RecentIds, a_number_and_its_text_are_two_ids) {
  RecentIds ids(8);
  ids.add(TradeId(7));
  EXPECT_FALSE(ids.contains(*TradeId::parse("07")));
  EXPECT_TRUE(ids.contains(*TradeId::parse("7")));
}

}  // namespace
}  // namespace tapeline::ledger
