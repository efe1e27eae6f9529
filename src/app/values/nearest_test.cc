// SPDX-License-Identifier: Apache-2.0
#include "app/values/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace tapeline::app::values {
namespace {

constexpr std::array<std::string_view, 5> kEmits{"bars", "trades", "quotes", "gaps", "coverage"};

TEST(Nearest, suggests_the_closest_word) {
  EXPECT_EQ(nearest("trade", kEmits), "trades");
  EXPECT_EQ(nearest("gasp", kEmits), "gaps");
  EXPECT_EQ(nearest("BARS", kEmits), "bars");
  EXPECT_EQ(did_you_mean("quote", kEmits), " (did you mean \"quotes\"?)");
}

TEST(Nearest, suggests_nothing_when_nothing_is_close) {
  EXPECT_EQ(nearest("windows", kEmits), std::nullopt);
  EXPECT_EQ(nearest("", kEmits), std::nullopt);
  EXPECT_EQ(nearest("5m", std::array<std::string_view, 1>{"1m"}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), kEmits), std::nullopt);
  EXPECT_EQ(did_you_mean("zzz", kEmits), "");
  EXPECT_EQ(did_you_mean("zzz", {}), "");
}

}  // namespace
}  // namespace tapeline::app::values
