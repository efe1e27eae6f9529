// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace tapeline {
namespace {

using Views = std::vector<std::string_view>;

constexpr std::array<std::string_view, 5> kEmits{"bars", "trades", "quotes", "gaps", "coverage"};

TEST(EditDistance, counts_edits_and_swaps_of_neighbours) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("symbol", "symbols"), 1U);
  EXPECT_EQ(edit_distance("repley", "replay"), 1U);
  EXPECT_EQ(edit_distance("cvs", "csv"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("BARS", "bars"), 0U);
}

TEST(EditDistance, is_symmetric) {
  for (const auto a : kEmits) {
    for (const auto b : kEmits) EXPECT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << b;
  }
}

TEST(Nearest, names_the_closest_first_and_no_more_than_wanted) {
  const Views names{"ETH-USDT", "BTC-USDC", "BTC-USD", "BTC-EUR", "BTC-USDT", "BTC-UST"};
  EXPECT_EQ(nearest("BTC-USTD", names, 3), (Views{"BTC-USD", "BTC-USDT", "BTC-UST"}));
  EXPECT_EQ(nearest("BTC-USTD", names, 1), (Views{"BTC-USD"}));
  EXPECT_EQ(nearest("btcusdt", names, 1), (Views{"BTC-USDT"}));
  EXPECT_EQ(nearest("NO-SUCH", names, 3), Views{});
}

TEST(Nearest, of_words_that_are_too_long_is_none) {
  const std::string word(65, 'A');
  EXPECT_EQ(nearest(word, Views{word}, 3), Views{});
}

}  // namespace
}  // namespace tapeline
