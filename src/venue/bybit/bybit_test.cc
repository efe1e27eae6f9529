// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/bybit.h"

#include <gtest/gtest.h>

namespace tapeline::venue::bybit {
namespace {

TEST(Bybit, symbols_are_split_by_the_list_or_before_a_known_quote_asset) {
  EXPECT_EQ(venue().canonical_symbol("BTCUSDT"), "BTC-USDT");
  EXPECT_EQ(venue().canonical_symbol("BTCPERP"), "BTCPERP");
  EXPECT_EQ(venue().canonical_symbol("BTC-26DEC25"), "BTC-26DEC25");
  const auto pairs = venue().parse_instruments(
      R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT",)"
      R"("baseCoin":"BTC","quoteCoin":"USDT"},{"symbol":"AB","baseCoin":"A","quoteCoin":"B"}]}})");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (SymbolPairs{{"BTCUSDT", "BTC-USDT"}, {"AB", "A-B"}}));
}

TEST(Bybit, another_list_is_the_venues_fault) {
  const auto pairs = venue().parse_instruments(R"({"retCode":10006,"retMsg":"no","result":{}})");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
  EXPECT_FALSE(venue().contiguous_ids);
}

}  // namespace
}  // namespace tapeline::venue::bybit
