// SPDX-License-Identifier: Apache-2.0
#include "feed/absences.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace tapeline::feed {
namespace {

using Spans = std::vector<TimeSpan>;
using Away = std::vector<std::optional<EventTime>>;

TimeSpan span(std::int64_t from, std::int64_t to) { return {EventTime(from), EventTime(to)}; }

const Away kBothHere{std::nullopt, std::nullopt};

TEST(Absences, of_one_line_are_everybodys) {
  Absences absences(1);
  EXPECT_EQ(absences.add(0, span(10, 12), {std::nullopt}), Spans{span(10, 12)});
  EXPECT_EQ(absences.add(0, span(20, 21), {std::nullopt}), Spans{span(20, 21)});
}

TEST(Absences, of_one_line_while_the_other_listens_are_nobodys) {
  Absences absences(2);
  EXPECT_EQ(absences.add(0, span(10, 12), kBothHere), Spans{});
  EXPECT_EQ(absences.add(1, span(12, 14), kBothHere), Spans{});
  EXPECT_EQ(absences.add(0, span(14, 15), kBothHere), Spans{});
}

TEST(Absences, are_what_both_have_in_common) {
  Absences absences(2);
  EXPECT_EQ(absences.add(0, span(10, 12), {std::nullopt, EventTime(11)}), Spans{span(11, 12)});
}

// A line may have been dead for a while before anybody notices.
TEST(Absences, are_found_when_the_other_line_tells_of_its_own_later) {
  Absences absences(2);
  EXPECT_EQ(absences.add(0, span(15, 16), kBothHere), Spans{});
  EXPECT_EQ(absences.add(0, span(18, 19), kBothHere), Spans{});
  EXPECT_EQ(absences.add(1, span(11, 21), kBothHere), (Spans{span(15, 16), span(18, 19)}));
}

TEST(Absences, count_where_a_line_never_listened) {
  Absences absences(2);
  EXPECT_EQ(absences.add(0, span(3, 4), {std::nullopt, kEventTimeMin}), Spans{span(3, 4)});
}

TEST(Absences, of_all_of_three_lines_count_and_of_two_do_not) {
  Absences absences(3);
  const Away all_here{std::nullopt, std::nullopt, std::nullopt};
  EXPECT_EQ(absences.add(0, span(10, 20), all_here), Spans{});
  EXPECT_EQ(absences.add(1, span(12, 20), all_here), Spans{});
  EXPECT_EQ(absences.add(2, span(15, 30), all_here), Spans{span(15, 20)});
}

}  // namespace
}  // namespace tapeline::feed
