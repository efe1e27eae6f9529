// SPDX-License-Identifier: Apache-2.0
#include "venue/history.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace tapeline::venue {
namespace {

HistoryWish ids(std::uint64_t first, std::uint64_t last) {
  return {.symbol = "BTC-USD", .first_id = first, .last_id = last};
}

std::string text_of(const HistoryPage& page) {
  std::string out =
      "settled " + std::to_string(page.settled_first) + "-" + std::to_string(page.settled_last);
  if (page.rest) {
    out +=
        " rest " + std::to_string(page.rest->first_id) + "-" + std::to_string(page.rest->last_id);
  }
  return out;
}

TEST(History, a_wish_by_times_alone_has_no_ids) {
  EXPECT_EQ(ids_of({}), 0U);
  EXPECT_EQ(ids_of(ids(7, 7)), 1U);
  EXPECT_EQ(ids_of(ids(0, 4)), 5U);
  EXPECT_EQ(ids_of(ids(1, UINT64_MAX)), UINT64_MAX);
  EXPECT_EQ(ids_of(ids(0, UINT64_MAX)), UINT64_MAX);
  EXPECT_EQ(ids_of(ids(9, 8)), 0U);
}

TEST(History, a_page_from_the_newest_down_leaves_the_older_ids) {
  EXPECT_EQ(text_of(descending_page(ids(10, 99), 40, 60)), "settled 60-99 rest 10-59");
  EXPECT_EQ(text_of(descending_page(ids(10, 99), 90, 10)), "settled 10-99");
  EXPECT_EQ(text_of(descending_page(ids(10, 99), 90, 3)), "settled 10-99");
}

TEST(History, a_page_from_the_oldest_up_leaves_the_newer_ids) {
  EXPECT_EQ(text_of(ascending_page(ids(10, 99), 40, 60)), "settled 10-60 rest 61-99");
  EXPECT_EQ(text_of(ascending_page(ids(10, 99), 90, 99)), "settled 10-99");
  EXPECT_EQ(text_of(ascending_page(ids(10, 99), 90, 200)), "settled 10-99");
}

TEST(History, an_empty_page_says_that_nothing_is_older_and_not_that_nothing_is_newer) {
  EXPECT_EQ(text_of(descending_page(ids(10, 99), 0, 0)), "settled 10-99");
  EXPECT_EQ(text_of(ascending_page(ids(10, 99), 0, 0)), "settled 1-0");
}

// Only the row of the cursor itself: there is nothing older.
TEST(History, a_page_that_gets_nowhere_is_the_last) {
  EXPECT_EQ(text_of(descending_page(ids(10, 99), 1, 100)), "settled 10-99");
}

}  // namespace
}  // namespace tapeline::venue
