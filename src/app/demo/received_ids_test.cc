// SPDX-License-Identifier: Apache-2.0
#include "app/demo/received_ids.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/market/truth.h"

namespace tapeline::app::demo {
namespace {

using std::chrono::seconds;

constexpr EventTime kZero{1'700'000'000'000'000'000};
EventTime second(std::int64_t n) { return kZero + seconds(n); }

ReceivedIds ids_of(const std::vector<IdSpan>& spans, const std::vector<IdSpan>& backfilled = {}) {
  ReceivedIds ids;
  for (const IdSpan& span : spans) ids.add(span, false);
  for (const IdSpan& span : backfilled) ids.add(span, true);
  EXPECT_EQ(ids.settle(), 0u);
  return ids;
}

TEST(ReceivedIds, joins_what_came_in_any_order) {
  const ReceivedIds ids = ids_of({{5, 5}, {6, 8}, {1, 2}, {3, 3}, {9, 9}});
  EXPECT_EQ(ids.runs(), (std::vector<IdSpan>{{1, 3}, {5, 9}}));
  EXPECT_EQ(ids.holes(), (std::vector<IdSpan>{{4, 4}}));
  for (const std::uint64_t id : {1U, 3U, 5U, 9U}) EXPECT_TRUE(ids.contains(id)) << id;
  for (const std::uint64_t id : {0U, 4U, 10U}) EXPECT_FALSE(ids.contains(id)) << id;
}

TEST(ReceivedIds, names_an_id_that_came_twice) {
  ReceivedIds ids;
  ids.add({1, 4}, false);
  ids.add({7, 7}, false);
  ids.add({3, 3}, false);
  EXPECT_EQ(ids.settle(), 3u);
}

TEST(ReceivedIds, forgets_what_the_truth_has_forgotten) {
  ReceivedIds ids = ids_of({{1, 3}, {5, 9}});
  EXPECT_FALSE(ids.drop_below(1));
  EXPECT_TRUE(ids.drop_below(6));
  EXPECT_EQ(ids.runs(), (std::vector<IdSpan>{{6, 9}}));
}

TEST(ReceivedIds, knows_what_came_out_of_the_history) {
  const ReceivedIds ids = ids_of({{1, 3}, {6, 9}}, {{4, 5}});
  EXPECT_EQ(ids.runs(), (std::vector<IdSpan>{{1, 9}}));
  EXPECT_FALSE(ids.has_backfilled(1, 4));
  EXPECT_TRUE(ids.has_backfilled(1, 5));
  EXPECT_FALSE(ids.has_backfilled(6, 99));
}

// Trade n happened in second n.
class WindowJudged : public testing::Test {
 protected:
  WindowJudged() : truth_(sim::make_instruments(1, "USD")) {
    for (std::uint64_t id = 0; id <= 20; ++id) {
      truth_.add({.instrument = 0,
                  .ts_event = second(static_cast<std::int64_t>(id)),
                  .id = id,
                  .sequence = id,
                  .price = 1,
                  .size = 1,
                  .book = {},
                  .day = {}});
    }
  }

  Verdict judge(const ReceivedIds& ids, std::int64_t start, std::int64_t end,
                std::optional<EventTime> hole_at_end = std::nullopt) {
    WindowJudge judge(truth_.history(0), ids);
    if (hole_at_end) judge.add_hole_at_end(*hole_at_end);
    return judge.judge(second(start), second(end));
  }

  sim::Truth truth_;
};

TEST_F(WindowJudged, is_complete_between_the_first_and_the_last_id) {
  const ReceivedIds ids = ids_of({{3, 10}});
  EXPECT_EQ(judge(ids, 4, 10).quality, Quality::kComplete);
  EXPECT_FALSE(judge(ids, 4, 10).may_be_unknown);
  // Nobody saw what came before the first one within its second.
  EXPECT_EQ(judge(ids, 3, 5).quality, Quality::kUnknown);
  EXPECT_EQ(judge(ids, 1, 5).quality, Quality::kUnknown);
  // Nor what comes behind the last.
  EXPECT_TRUE(judge(ids, 4, 11).may_be_unknown);
}

TEST_F(WindowJudged, a_hole_reaches_from_neighbour_to_neighbour) {
  const ReceivedIds ids = ids_of({{0, 5}, {8, 20}});
  EXPECT_EQ(judge(ids, 3, 5).quality, Quality::kComplete);  // [3, 5) is over before trade 5
  EXPECT_EQ(judge(ids, 5, 6).quality, Quality::kGap);       // holds the neighbour before
  EXPECT_EQ(judge(ids, 6, 7).quality, Quality::kGap);
  EXPECT_EQ(judge(ids, 8, 9).quality, Quality::kGap);  // and the one behind
  EXPECT_EQ(judge(ids, 9, 10).quality, Quality::kComplete);
  EXPECT_EQ(judge(ids, 0, 20).quality, Quality::kGap);
}

TEST_F(WindowJudged, a_hole_that_the_venue_told_of_reaches_to_its_word) {
  const ReceivedIds ids = ids_of({{0, 10}});
  EXPECT_EQ(judge(ids, 12, 13).quality, Quality::kComplete);
  EXPECT_TRUE(judge(ids, 12, 13).may_be_unknown);
  EXPECT_EQ(judge(ids, 12, 13, second(12)).quality, Quality::kGap);
  EXPECT_EQ(judge(ids, 13, 14, second(12)).quality, Quality::kComplete);
  EXPECT_EQ(judge(ids, 9, 10, second(12)).quality, Quality::kComplete);
}

TEST_F(WindowJudged, what_was_repaired_says_so) {
  const ReceivedIds ids = ids_of({{0, 5}, {8, 20}}, {{6, 7}});
  EXPECT_EQ(judge(ids, 4, 6).quality, Quality::kComplete);
  EXPECT_EQ(judge(ids, 6, 7).quality, Quality::kRepaired);
  EXPECT_EQ(judge(ids, 4, 7).quality, Quality::kRepaired);
  EXPECT_EQ(judge(ids, 8, 9).quality, Quality::kComplete);
}

}  // namespace
}  // namespace tapeline::app::demo
