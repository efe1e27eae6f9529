// SPDX-License-Identifier: Apache-2.0
#include "serve/target.h"

#include <gtest/gtest.h>

namespace tapeline::serve {
namespace {

TEST(Target, is_taken_apart_and_decoded) {
  const auto target = parse_target("/api/v1/bars?instrument=a%3AB&interval=1m&x=1+2&&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/bars");
  EXPECT_EQ(target->parameter("instrument"), "a:B");
  EXPECT_EQ(target->parameter("interval"), "1m");
  EXPECT_EQ(target->parameter("x"), "1 2");
  EXPECT_EQ(target->parameter("flag"), "");
  EXPECT_EQ(target->parameter("none"), "");
}

TEST(Target, leads_nowhere_else) {
  for (const char* path : {"/../x", "/a/../../x", "/%2e%2e/x", "/a/%2e./b", "/..", "/a\\b", "x", "",
                           "/%00", "/%5c", "/a%"}) {
    EXPECT_FALSE(parse_target(path)) << path;
  }
  EXPECT_TRUE(parse_target("/a..b/.x"));
}

TEST(Target, has_bounds) {
  EXPECT_FALSE(parse_target("/" + std::string(Target::kBytesMax, 'a')));
  std::string many = "/?";
  for (std::size_t i = 0; i <= Target::kParametersMax; ++i) many += "a=b&";
  EXPECT_FALSE(parse_target(many));
  EXPECT_FALSE(parse_target("/?a=%zz"));
}

}  // namespace
}  // namespace tapeline::serve
