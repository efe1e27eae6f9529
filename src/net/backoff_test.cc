// SPDX-License-Identifier: Apache-2.0
#include "net/backoff.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tapeline::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Backoff::Options kOptions{.first = milliseconds(500), .max = seconds(3)};

TEST(Backoff, doubles_its_span_up_to_the_cap) {
  Backoff backoff(kOptions);
  for (const auto expected : {milliseconds(500), milliseconds(1000), milliseconds(2000),
                              milliseconds(3000), milliseconds(3000)}) {
    EXPECT_EQ(backoff.span(), expected);
    EXPECT_EQ(backoff.next(UINT64_MAX), expected);
  }
}

TEST(Backoff, waits_a_random_part_of_its_span) {
  Backoff backoff(kOptions);
  EXPECT_EQ(backoff.next(0), Duration(0));
  EXPECT_EQ(backoff.next(UINT64_MAX / 2), milliseconds(500));
  EXPECT_EQ(backoff.next(UINT64_MAX / 4), milliseconds(500));
}

TEST(Backoff, begins_again_only_when_it_is_told) {
  Backoff backoff(kOptions);
  for (int i = 0; i < 10; ++i) static_cast<void>(backoff.next(7));
  EXPECT_EQ(backoff.attempts(), 10U);
  EXPECT_EQ(backoff.span(), seconds(3));
  backoff.reset();
  EXPECT_EQ(backoff.attempts(), 0U);
  EXPECT_EQ(backoff.span(), milliseconds(500));
}

TEST(Backoff, never_exceeds_its_cap_nor_overflows) {
  Backoff backoff({.first = Duration(3), .max = Duration(INT64_MAX)});
  for (int i = 0; i < 1000; ++i) static_cast<void>(backoff.next(UINT64_MAX));
  EXPECT_EQ(backoff.span(), Duration(INT64_MAX));
  EXPECT_EQ(backoff.next(UINT64_MAX), Duration(INT64_MAX));
  EXPECT_EQ(Backoff({.first = seconds(9), .max = seconds(1)}).span(), seconds(1));
  EXPECT_EQ(Backoff({.first = Duration(0), .max = Duration(0)}).next(UINT64_MAX), Duration(0));
}

}  // namespace
}  // namespace tapeline::net
