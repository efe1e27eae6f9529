// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tapeline::sim {
namespace {

TEST(Dialects, are_in_order_and_all_named) {
  const auto names = dialect_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  std::string words;
  for (const std::string_view name : names) {
    words += (words.empty() ? "" : " ") + std::string(name);
    ASSERT_NE(find_dialect(name), nullptr);
    EXPECT_EQ(find_dialect(name)->name, name);
  }
  EXPECT_EQ(words, kDialectWords);
  EXPECT_EQ(find_dialect("nyse"), nullptr);
}

}  // namespace
}  // namespace tapeline::sim
