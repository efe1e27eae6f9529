// SPDX-License-Identifier: Apache-2.0
#include "feed/wish_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

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
    return fmt::format("{}..{}{}", wish->wish.first_id, wish->wish.last_id,
                       wish->is_repair ? " repair" : "");
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

TEST_F(Wishes, an_answered_hole_rests_until_the_ledger_should_have_shown_it) {
  show({missing(5, 6)}, 0);
  list_.done(*next(1), kSecondNs);
  EXPECT_EQ(list_.waiting(), 0U);
  EXPECT_EQ(text(30), "-");
  EXPECT_EQ(text(31), "5..6");
}

TEST_F(Wishes, a_hole_that_grew_behind_its_answer_is_another_one) {
  show({missing(5, 6)}, 0);
  list_.done(*next(1), kSecondNs);
  show({missing(7, 9)}, 2);
  EXPECT_EQ(text(3), "7..9");
  list_.done(*next(3), 3 * kSecondNs);
  show({missing(7, 10)}, 4);
  EXPECT_EQ(text(5), "7..10");
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
  EXPECT_EQ(text(1001), "5..6 repair");
}

TEST_F(Wishes, a_venue_that_is_away_is_asked_until_it_is_back) {
  show({missing(5, 6)}, 0);
  for (int i = 1; i < 100; ++i) {
    list_.failed(*next(i), std::chrono::seconds(1), WishList::Patience::kEndless, i * kSecondNs);
  }
  EXPECT_EQ(list_.given_up(), 0U);
  EXPECT_EQ(text(100), "5..6");
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
  EXPECT_FALSE(list_.is_repairing());
  // The ledger still shows them: the repair is over all the same.
  show({gone, late}, 2);
  EXPECT_EQ(text(60), "-");
}

TEST_F(Wishes, a_span_of_time_is_asked_for_once) {
  list_.add_span(kStream, {EventTime(1), EventTime(9)}, 0);
  EXPECT_EQ(list_.waiting(), 1U);
  EXPECT_EQ(text(0), "-");
  const auto wish = next(1);
  ASSERT_TRUE(wish);
  EXPECT_EQ(venue::ids_of(wish->wish), 0U);
  EXPECT_EQ(wish->wish.from_time, EventTime(1));
  list_.failed(*wish, std::chrono::seconds(5), WishList::Patience::kEndless, kSecondNs);
  EXPECT_EQ(text(2), "-");
  ASSERT_TRUE(next(6));
  list_.done(*next(6), 6 * kSecondNs);
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
}

}  // namespace
}  // namespace tapeline::feed
