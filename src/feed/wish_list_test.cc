// SPDX-License-Identifier: Apache-2.0
#include "feed/wish_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tapeline::feed {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
const StreamKey kStream{"coinbase:BTC-USD", Channel::kTrades};

IdGap missing(std::uint64_t first, std::uint64_t last) {
  return {first, last, EventTime(10), EventTime(20), GapCause::kLost, GapState::kOpen};
}

class Wishes : public testing::Test {
 protected:
  void show(std::vector<IdGap> gaps, std::int64_t second) {
    list_.show({kStream, std::move(gaps)}, second * kSecondNs);
  }
  std::optional<WishList::Wish> next(std::int64_t second, std::uint64_t ids_max = 100) {
    return list_.next(ids_max, second * kSecondNs);
  }
  std::string text(std::int64_t second, std::uint64_t ids_max = 100) {
    const auto wish = next(second, ids_max);
    if (!wish) return "-";
    return fmt::format("{}..{}{}{}", wish->wish.first_id, wish->wish.last_id,
                       wish->is_repair ? " repair" : "", wish->is_final ? " final" : "");
  }

  WishList list_;
};

TEST_F(Wishes, a_hole_that_closes_within_the_grace_is_not_asked_for) {
  show({missing(5, 6)}, 0);
  EXPECT_EQ(text(0), "-");
  show({}, 0);
  EXPECT_EQ(text(5), "-");
  EXPECT_EQ(list_.waiting(), 0U);
}

TEST_F(Wishes, one_that_stays_is_even_while_others_come_and_go) {
  show({missing(5, 6)}, 0);
  show({missing(5, 6), missing(30, 30)}, 1);
  EXPECT_EQ(text(1), "5..6");
  show({missing(6, 6), missing(30, 30)}, 1);
  EXPECT_EQ(text(1), "6..6");
}

TEST_F(Wishes, what_is_due_close_by_comes_along) {
  show({missing(5, 6), missing(20, 21), missing(104, 104), missing(105, 105)}, 0);
  EXPECT_EQ(text(1), "5..104");
  EXPECT_EQ(text(1, 16), "20..21");
  const auto wish = next(1);
  EXPECT_EQ(wish->stream, kStream);
  EXPECT_EQ(wish->wish.channel, Channel::kTrades);
  list_.done(*wish, kSecondNs);
  EXPECT_EQ(text(1), "105..105");
}

TEST_F(Wishes, a_hole_is_asked_for_again_until_it_is_old_enough_for_a_final_answer) {
  show({missing(5, 6)}, 0);
  list_.done(*next(1), kSecondNs);
  EXPECT_EQ(list_.waiting(), 1U);
  EXPECT_EQ(text(3), "-");
  EXPECT_EQ(text(4), "5..6");
  list_.done(*next(4), 4 * kSecondNs);
  EXPECT_EQ(text(9), "-");
  EXPECT_EQ(text(10), "5..6 final");
  list_.done(*next(10), 10 * kSecondNs);
  EXPECT_EQ(list_.waiting(), 0U);
  EXPECT_EQ(text(39), "-");
  EXPECT_EQ(text(40), "5..6 final") << "the ledger still shows it";
}

TEST_F(Wishes, a_hole_is_as_old_as_the_youngest_of_its_ids) {
  show({missing(5, 6)}, 0);
  list_.done(*next(1), kSecondNs);
  show({missing(5, 9)}, 9);
  EXPECT_EQ(text(10), "5..9");
  list_.done(*next(10), 10 * kSecondNs);
  show({missing(5, 8)}, 12);
  EXPECT_EQ(text(12), "-");
  EXPECT_EQ(text(13), "5..8");
  list_.done(*next(13), 13 * kSecondNs);
  EXPECT_EQ(text(18), "-");
  EXPECT_EQ(text(19), "5..8 final");
}

TEST_F(Wishes, a_hole_that_grows_all_the_time_is_asked_for_once_a_second) {
  std::uint64_t asked = 0;
  for (std::int64_t tenth = 0; tenth < 200; ++tenth) {
    const std::int64_t now_ns = tenth * kSecondNs / 10;
    list_.show({kStream, {missing(5, static_cast<std::uint64_t>(6 + tenth))}}, now_ns);
    const auto wish = list_.next(100, now_ns);
    if (!wish) continue;
    ++asked;
    EXPECT_FALSE(wish->is_final);
    list_.done(*wish, now_ns);
  }
  EXPECT_EQ(asked, 19U);
}

TEST_F(Wishes, holes_of_other_ages_are_not_asked_for_together) {
  show({missing(5, 6), missing(20, 21)}, 0);
  show({missing(5, 6), missing(20, 21), missing(30, 30), missing(40, 40)}, 8);
  EXPECT_EQ(text(10), "5..21 final") << "first what is asked for only once";
  list_.done(*next(10), 10 * kSecondNs);
  EXPECT_EQ(text(10), "30..40");
}

// Far from each other, of several streams, all due at once.
TEST_F(Wishes, streams_take_turns_and_each_third_of_them_is_for_the_oldest) {
  constexpr std::uint64_t kHoles = 9;
  const std::vector<std::string> names{"v:A", "v:B", "v:C"};
  std::vector<IdGap> gaps;
  for (std::uint64_t i = 1; i <= kHoles; ++i) gaps.push_back(missing(1000 * i, 1000 * i));
  for (const std::string& name : names) list_.show({{name, Channel::kTrades}, gaps}, 0);
  std::string asked;
  std::string streams;
  for (std::uint64_t i = 0; i < kHoles * names.size(); ++i) {
    const auto wish = next(20);
    ASSERT_TRUE(wish);
    streams += wish->stream.first.back();
    if (wish->stream.first == "v:B") asked += std::to_string(wish->wish.first_id / 1000);
    list_.done(*wish, 20 * kSecondNs);
  }
  EXPECT_EQ(streams, "ABCABCABCABCABCABCABCABCABC");
  EXPECT_EQ(asked, "981762543") << "two of the newest of equal ones, then one of the oldest";
  EXPECT_FALSE(next(20));
}

TEST_F(Wishes, the_largest_hole_goes_first) {
  show({missing(10, 10), missing(2000, 2999), missing(5000, 5009), missing(8000, 8000)}, 0);
  std::string asked;
  while (const auto wish = next(20, 100)) {
    asked += std::to_string(wish->wish.first_id) + " ";
    list_.done(*wish, 20 * kSecondNs);
  }
  EXPECT_EQ(asked, "2000 5000 10 8000 ");
}

TEST_F(Wishes, spans_of_time_take_turns_with_streams) {
  for (std::int64_t i = 0; i < 4; ++i) {
    list_.add_span(kStream, {EventTime(100 + i), EventTime(200)}, i);
  }
  std::string asked;
  show({missing(1000, 1000), missing(2000, 2000), missing(3000, 3000), missing(4000, 4000)}, 0);
  for (int i = 0; i < 8; ++i) {
    const auto wish = next(20);
    ASSERT_TRUE(wish);
    const bool is_span = venue::ids_of(wish->wish) == 0;
    asked += is_span ? fmt::format(" t{}", wish->wish.from_time.unix_ns() - 100)
                     : fmt::format(" {}", wish->wish.first_id / 1000);
    list_.done(*wish, 20 * kSecondNs);
  }
  EXPECT_EQ(asked, " 4 t3 3 t2 1 t0 2 t1");
}

TEST_F(Wishes, what_is_cut_short_goes_on_when_the_ledger_has_changed) {
  show({missing(9000, 9000)}, 0);
  list_.done(*next(20), 20 * kSecondNs);
  show({missing(5, 5000), missing(9000, 9000)}, 9);
  EXPECT_FALSE(list_.is_other_due(*next(20), 20 * kSecondNs));
  show({missing(5, 5000), missing(7000, 7000), missing(9000, 9000)}, 20);
  const auto long_one = next(20);
  ASSERT_EQ(long_one->wish.last_id, 5000U);
  EXPECT_TRUE(list_.is_other_due(*long_one, 21 * kSecondNs));
  list_.cut_short(*long_one, 21 * kSecondNs);
  EXPECT_EQ(text(21), "7000..7000");
  list_.done(*next(21), 21 * kSecondNs);
  EXPECT_EQ(text(21), "-");
  for (unsigned i = 0; i < 3 * WishList::kCutShortMax; ++i) {
    show({missing(5 + i, 5000)}, 22 + i);
    ASSERT_EQ(text(22 + i), fmt::format("{}..5000 final", 5 + i));
    list_.cut_short(*next(22 + i), (22 + i) * kSecondNs);
  }
}

TEST_F(Wishes, what_is_cut_short_again_and_again_and_stays_as_it_is_counts_as_answered) {
  show({missing(5, 5000)}, 0);
  for (unsigned i = 0; i < WishList::kCutShortMax; ++i) {
    EXPECT_EQ(list_.waiting(), 1U);
    ASSERT_TRUE(next(20 + i));
    list_.cut_short(*next(20 + i), (20 + i) * kSecondNs);
  }
  EXPECT_EQ(list_.waiting(), 0U);
}

TEST_F(Wishes, a_hole_that_grew_behind_its_final_answer_is_another_one) {
  show({missing(5, 6)}, 0);
  list_.done(*next(20), 20 * kSecondNs);
  show({missing(7, 9)}, 22);
  EXPECT_EQ(text(23), "7..9");
  list_.done(*next(40), 40 * kSecondNs);
  show({missing(7, 10)}, 41);
  EXPECT_EQ(text(42), "7..10");
}

TEST_F(Wishes, holes_that_the_board_has_no_room_for_wait_too) {
  constexpr std::uint64_t kHoles = HoleBoard::kHolesMax + 5;
  HoleBoard board;
  Coverage half_settled;
  Coverage all_missing;
  for (std::uint64_t id = 0; id <= 2 * kHoles; id += 2) {
    half_settled.add(id, id, EventTime(15));
    all_missing.add(id, id, EventTime(15));
  }
  for (std::uint64_t id = 1; id < 2 * kHoles; id += 4) half_settled.settle({id, id});
  const std::vector<IdGap> gaps = half_settled.gaps();
  std::uint64_t version = 0;
  const std::uint64_t open = half_settled.totals().open_gaps;
  ASSERT_EQ(open, kHoles / 2);
  board.show(kStream.first, kStream.second, half_settled, half_settled.totals());
  const auto with_others = board.changes_since(version);
  ASSERT_EQ(with_others.size(), 1U);
  EXPECT_EQ(with_others[0].gaps.size(), HoleBoard::kHolesMax);
  EXPECT_EQ(with_others[0].left_out, 0U);
  EXPECT_TRUE(std::is_sorted(with_others[0].gaps.begin(), with_others[0].gaps.end(),
                             [](const IdGap& a, const IdGap& b) { return a.first < b.first; }));
  EXPECT_EQ(with_others[0].gaps.front(), gaps[1]) << "an open one goes before what is gone";
  EXPECT_EQ(with_others[0].gaps.back(), gaps.back());
  list_.show(with_others[0], 0);
  EXPECT_EQ(list_.waiting(), open);

  board.show(kStream.first, kStream.second, all_missing, all_missing.totals());
  const auto all_open = board.changes_since(version);
  ASSERT_EQ(all_open.size(), 1U);
  std::vector<IdGap> shown = all_missing.gaps();
  shown.erase(shown.begin() + HoleBoard::kOldestMax, shown.begin() + HoleBoard::kOldestMax + 5);
  EXPECT_EQ(all_open[0].gaps, shown) << "neither the newest nor the oldest are left out";
  EXPECT_EQ(all_open[0].left_out, 5U);
  list_.show(all_open[0], 0);
  EXPECT_EQ(list_.waiting(), gaps.size());
  EXPECT_EQ(list_.left_out(), 5U);
}

TEST_F(Wishes, a_failure_is_tried_again_until_it_is_given_up) {
  show({missing(5, 6)}, 0);
  for (unsigned i = 1; i < WishList::kAttemptsMax; ++i) {
    list_.failed(*next(1 + i), std::chrono::seconds(1), WishList::Patience::kCounted,
                 (1 + i) * kSecondNs);
    EXPECT_EQ(text(1 + i), "-");
  }
  EXPECT_EQ(list_.given_up(), 0U);
  list_.failed(*next(99), std::chrono::seconds(1), WishList::Patience::kCounted, 99 * kSecondNs);
  EXPECT_EQ(list_.given_up(), 1U);
  EXPECT_EQ(text(1000), "-");
  show({missing(5, 6)}, 1000);
  EXPECT_EQ(text(1001), "-");
  list_.repair(1001 * kSecondNs);
  EXPECT_EQ(text(1001), "5..6 repair final");
}

TEST_F(Wishes, a_venue_that_is_away_is_asked_until_it_is_back) {
  show({missing(5, 6)}, 0);
  for (int i = 1; i < 100; ++i) {
    list_.failed(*next(i), std::chrono::seconds(1), WishList::Patience::kEndless, i * kSecondNs);
  }
  EXPECT_EQ(list_.given_up(), 0U);
  EXPECT_EQ(text(100), "5..6 final");
}

TEST_F(Wishes, a_hole_that_was_given_up_and_grows_is_asked_for_again) {
  show({missing(5, 6)}, 0);
  list_.failed(*next(1), std::chrono::seconds(1), WishList::Patience::kNone, kSecondNs);
  show({missing(6, 6)}, 2);
  EXPECT_EQ(text(100), "-");
  show({missing(6, 9)}, 100);
  EXPECT_EQ(list_.given_up(), 0U);
  EXPECT_EQ(text(101), "6..9");
}

TEST_F(Wishes, a_refusal_is_final) {
  show({missing(5, 6)}, 0);
  list_.failed(*next(1), std::chrono::seconds(1), WishList::Patience::kNone, kSecondNs);
  EXPECT_EQ(list_.given_up(), 1U);
  EXPECT_EQ(list_.waiting(), 0U);
}

TEST_F(Wishes, what_is_gone_or_late_is_only_asked_for_by_a_repair) {
  IdGap gone = missing(5, 6);
  gone.state = GapState::kUnrecoverable;
  IdGap late = missing(7, 7);
  late.cause = GapCause::kLate;
  show({gone, late}, 0);
  EXPECT_EQ(text(1), "-");
  EXPECT_FALSE(list_.is_repairing());
  list_.repair(kSecondNs);
  EXPECT_TRUE(list_.is_repairing());
  EXPECT_EQ(text(1), "5..7 repair");
  list_.done(*next(1), kSecondNs);
  EXPECT_TRUE(list_.is_repairing()) << "the answer was not final";
  EXPECT_EQ(text(10), "5..7 repair final");
  list_.done(*next(10), 10 * kSecondNs);
  EXPECT_FALSE(list_.is_repairing());
  // The ledger still shows them: the repair is over all the same.
  show({gone, late}, 11);
  EXPECT_EQ(text(60), "-");
}

TEST_F(Wishes, an_answer_from_before_a_repair_is_none_to_it) {
  show({missing(5, 6)}, 0);
  const auto wish = next(20);
  list_.repair(20 * kSecondNs);
  list_.done(*wish, 21 * kSecondNs);
  EXPECT_TRUE(list_.is_repairing());
  EXPECT_EQ(text(21), "5..6 repair final");
}

TEST_F(Wishes, a_span_of_time_is_asked_for_until_a_final_answer) {
  list_.add_span(kStream, {EventTime(1), EventTime(9)}, 0);
  EXPECT_EQ(list_.waiting(), 1U);
  const auto wish = next(0);
  ASSERT_TRUE(wish);
  EXPECT_EQ(venue::ids_of(wish->wish), 0U);
  EXPECT_EQ(wish->wish.from_time, EventTime(1));
  list_.failed(*wish, std::chrono::seconds(5), WishList::Patience::kEndless, kSecondNs);
  EXPECT_EQ(text(2), "-");
  ASSERT_TRUE(next(6));
  EXPECT_FALSE(next(6)->is_final);
  list_.done(*next(6), 6 * kSecondNs);
  EXPECT_EQ(list_.waiting(), 1U);
  EXPECT_EQ(text(9), "-");
  ASSERT_TRUE(next(10));
  EXPECT_TRUE(next(10)->is_final);
  list_.done(*next(10), 10 * kSecondNs);
  EXPECT_EQ(list_.waiting(), 0U);
}

TEST_F(Wishes, a_span_that_is_asked_for_in_vain_or_has_no_room_is_given_up_and_counted) {
  list_.add_span(kStream, {EventTime(1), EventTime(9)}, 0);
  const auto wish = next(1);
  ASSERT_TRUE(wish);
  list_.failed(*wish, std::chrono::seconds(5), WishList::Patience::kNone, kSecondNs);
  EXPECT_EQ(list_.waiting(), 0U);
  EXPECT_EQ(list_.given_up(), 1U);
  const auto max = static_cast<std::int64_t>(WishList::kSpansMax);
  for (std::int64_t i = 0; i < max + 2; ++i) {
    list_.add_span(kStream, {EventTime(i), EventTime(i + 1)}, 0);
  }
  EXPECT_EQ(list_.waiting(), WishList::kSpansMax);
  EXPECT_EQ(list_.given_up(), 3U);
  list_.repair(0);
  EXPECT_EQ(list_.given_up(), 0U);
}

}  // namespace
}  // namespace tapeline::feed
