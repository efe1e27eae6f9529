// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace tapeline {
namespace {

static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST(Secret, is_written_as_stars_by_everything_that_formats) {
  const Secret secret("hunter2");
  EXPECT_EQ(fmt::format("{} {:>5}", secret, secret), "***   ***");
  EXPECT_EQ(fmt::to_string(secret), "***");
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(testing::PrintToString(secret), "***");
  EXPECT_EQ(fmt::to_string(Secret()), "***") << "not even whether there is one";
}

TEST(Secret, is_revealed_only_when_asked) {
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
  EXPECT_FALSE(Secret("hunter2").empty());
  EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace tapeline
