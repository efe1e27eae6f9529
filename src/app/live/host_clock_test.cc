// SPDX-License-Identifier: Apache-2.0
#include "app/live/host_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tapeline::app::live {
namespace {

using std::chrono::microseconds;

TEST(HostClock, a_synchronised_one_is_shown_with_its_errors) {
  EXPECT_EQ(text_of(HostClock{.is_synchronised = true,
                              .offset = microseconds(-1'250),
                              .error = microseconds(42),
                              .error_max = microseconds(16'500)}),
            "synchronised, offset -1.250 ms, error 0.042 ms as estimated, 16.500 ms at most");
}

TEST(HostClock, an_unsynchronised_one_says_what_to_do) {
  const std::string text = text_of(HostClock{.is_synchronised = false});
  EXPECT_EQ(text.find("not synchronised"), 0U) << text;
  EXPECT_NE(text.find("start a time service"), std::string::npos) << text;
}

TEST(HostClock, one_that_cannot_be_asked_is_unknown) {
  EXPECT_EQ(text_of(std::nullopt).find("unknown"), 0U);
}

TEST(HostClock, the_kernels_errors_are_not_negative) {
  const auto clock = read_host_clock();
  if (!clock) return;  // a sandbox
  EXPECT_GE(clock->error, Duration());
  EXPECT_GE(clock->error_max, Duration());
}

}  // namespace
}  // namespace tapeline::app::live
