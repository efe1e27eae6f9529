// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/request.h"

#include <gtest/gtest.h>

namespace tapeline::sim {
namespace {

TEST(Target, is_a_path_and_parameters) {
  const Target target("/a/b?x=1&y=&z&x=2");
  EXPECT_EQ(target.path(), "/a/b");
  EXPECT_EQ(target.find("x"), "1");
  EXPECT_EQ(target.find("y"), "");
  EXPECT_EQ(target.find("z"), "");
  EXPECT_FALSE(target.find("w"));
  EXPECT_EQ(target.unknown({"x", "z"}), "y");
  EXPECT_FALSE(target.unknown({"x", "y", "z"}));
  EXPECT_TRUE(Target("/a?").parameters().empty());
  EXPECT_EQ(Target("").path(), "");
}

TEST(Target, ids_are_digits_that_fit_64_bits) {
  EXPECT_EQ(parse_id("18446744073709551615"), 18446744073709551615ULL);
  for (const char* text : {"", "-1", "+1", " 1", "1x", "18446744073709551616"}) {
    EXPECT_FALSE(parse_id(text)) << text;
  }
}

TEST(Target, percent_escapes_are_decoded) {
  EXPECT_EQ(percent_decoded("coinbase%3ABTC-USD"), "coinbase:BTC-USD");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%4"), "%4");
  EXPECT_EQ(percent_decoded("%zz"), "%zz");
}

}  // namespace
}  // namespace tapeline::sim
