// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tapeline::sim {
namespace {

TEST(Dialects, are_listed_by_their_names) {
  const auto names = dialect_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(fmt::format("{}", fmt::join(names, " ")), kDialectWords);
  for (const std::string_view name : names) EXPECT_NE(find_dialect(name), nullptr) << name;
  EXPECT_EQ(find_dialect("venus"), nullptr);
}

}  // namespace
}  // namespace tapeline::sim
