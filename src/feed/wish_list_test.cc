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
  EXPECT_EQ(text(1, 16), "5..6");
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

TEST_F(Wishes, a_final_one_ends_before_a_hole_that_is_too_young) {
  show({missing(5, 6), missing(20, 21)}, 0);
  show({missing(5, 6), missing(20, 21), missing(30, 30), missing(40, 40)}, 8);
  EXPECT_EQ(text(10), "5..21 final");
}

TEST_F(Wishes, one_that_is_not_final_takes_older_holes_along) {
  show({missing(5, 6)}, 0);
  list_.failed(*next(10), std::chrono::seconds(2), WishList::Patience::kEndless, 10 * kSecondNs);
  show({missing(1, 2), missing(5, 6)}, 11);
  EXPECT_EQ(text(12), "1..6");
  list_.done(*next(12), 12 * kSecondNs);
  EXPECT_EQ(text(13), "5..6 final");
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
  HoleBoard board;
  std::vector<IdGap> gaps;
  for (std::uint64_t id = 0; id < HoleBoard::kHolesMax + 5; ++id) {
    gaps.push_back(missing(2 * id + 1, 2 * id + 1));
    gaps.back().state = id % 2 == 0 ? GapState::kUnrecoverable : GapState::kOpen;
  }
  std::uint64_t version = 0;
  const auto open = static_cast<std::size_t>(std::count_if(
      gaps.begin(), gaps.end(), [](const IdGap& gap) { return gap.state == GapState::kOpen; }));
  board.show(kStream.first, kStream.second, gaps);
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

  for (IdGap& gap : gaps) gap.state = GapState::kOpen;
  board.show(kStream.first, kStream.second, gaps);
  const auto all_open = board.changes_since(version);
  ASSERT_EQ(all_open.size(), 1U);
  EXPECT_EQ(all_open[0].gaps.front(), gaps[5]) << "the newest";
  EXPECT_EQ(all_open[0].left_out, 5U);
  list_.show(all_open[0], 0);
  EXPECT_EQ(list_.waiting(), gaps.size());
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
