// SPDX-License-Identifier: Apache-2.0
#include "feed/warm_start.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tapeline::feed {
namespace {

constexpr std::int64_t kOneSecondNs = 1'000'000'000;

class WarmStarts : public testing::Test {
 protected:
  void add(const std::string& symbol, std::int64_t second = 0) {
    warm_.add({"coinbase:" + symbol, Channel::kTrades}, {.symbol = symbol, .cursor = "newest"},
              second * kOneSecondNs);
  }
  // Whose turn it is, and from where on.
  std::string next(std::int64_t second = 0) {
    const auto turn = warm_.next(second * kOneSecondNs);
    return turn ? turn->wish.symbol + " " + turn->wish.cursor : "-";
  }
  void answer(std::size_t rows, const std::string& symbol, const std::string& cursor) {
    warm_.answered({.rows = rows, .rest = venue::HistoryWish{.symbol = symbol, .cursor = cursor}});
  }
  void fail(bool is_hopeless, std::int64_t second = 0) {
    warm_.failed(is_hopeless, std::chrono::seconds(1), second * kOneSecondNs);
  }

  WarmStart warm_;
};

TEST_F(WarmStarts, each_stream_has_a_page_in_turn_until_nothing_is_left) {
  EXPECT_EQ(next(), "-");
  add("A");
  add("B");
  EXPECT_EQ(next(), "A newest");
  answer(1000, "A", "50");
  EXPECT_EQ(next(), "B newest");
  answer(1000, "B", "70");
  EXPECT_EQ(next(), "A 50");
  warm_.answered({.rows = 3});
  EXPECT_EQ(next(), "B 70");
  warm_.answered({.rows = 0});
  EXPECT_TRUE(warm_.is_empty());
  EXPECT_EQ(next(), "-");
  EXPECT_EQ(warm_.left_out(), 0U) << "the history had no more";
}

TEST_F(WarmStarts, some_thousand_trades_are_enough) {
  add("A");
  for (int page = 0; page < 5; ++page) {
    ASSERT_NE(next(), "-") << page;
    answer(1000, "A", "50");
  }
  EXPECT_EQ(next(), "-");
}

TEST_F(WarmStarts, short_pages_are_asked_for_no_more_often_than_so) {
  add("A");
  for (unsigned page = 0; page < WarmStart::kPagesMax; ++page) {
    ASSERT_NE(next(), "-") << page;
    answer(100, "A", "50");
  }
  EXPECT_EQ(next(), "-");
}

TEST_F(WarmStarts, who_has_had_no_time_is_left_out_and_counted) {
  add("A");
  add("B", 5);
  EXPECT_EQ(next(30), "A newest") << "only just";
  answer(1000, "A", "50");
  EXPECT_EQ(next(31), "B newest");
  EXPECT_EQ(warm_.left_out(), 1U);
  answer(1000, "B", "70");
  EXPECT_EQ(next(36), "-");
  EXPECT_EQ(warm_.left_out(), 2U);
  EXPECT_TRUE(warm_.is_empty());
}

TEST_F(WarmStarts, a_failure_is_tried_again_and_others_go_on_meanwhile) {
  add("A");
  EXPECT_EQ(next(), "A newest");
  fail(false);
  EXPECT_EQ(next(), "-") << "not so soon";
  add("B");
  EXPECT_EQ(next(), "B newest");
  warm_.answered({.rows = 3});
  for (std::int64_t second = 1; second <= 2; ++second) {
    EXPECT_EQ(next(second), "A newest");
    fail(false, second);
  }
  EXPECT_TRUE(warm_.is_empty()) << "three times are enough";
  EXPECT_EQ(warm_.left_out(), 1U);
}

TEST_F(WarmStarts, what_the_venue_refuses_is_not_asked_again) {
  add("A");
  EXPECT_EQ(next(), "A newest");
  fail(true);
  EXPECT_TRUE(warm_.is_empty());
  EXPECT_EQ(warm_.left_out(), 1U);
}

}  // namespace
}  // namespace tapeline::feed
