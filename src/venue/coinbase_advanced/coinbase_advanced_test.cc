// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/coinbase_advanced.h"

#include <gtest/gtest.h>

#include "venue/coinbase_advanced/kind.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

TEST(CoinbaseAdvanced, symbols_are_canonical_as_they_are_and_ids_count) {
  EXPECT_EQ(venue().name, "coinbase_advanced");
  EXPECT_EQ(venue().canonical_symbol("BTC-USD"), "BTC-USD");
  EXPECT_TRUE(venue().contiguous_ids);
}

TEST(CoinbaseAdvanced, the_product_list_names_the_instruments) {
  const auto pairs = venue().parse_instruments(
      R"({"num_products":2,"products":[{"product_id":"BTC-USD"},{"product_id":"ETH-EUR"}]})");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (SymbolPairs{{"BTC-USD", "BTC-USD"}, {"ETH-EUR", "ETH-EUR"}}));
  EXPECT_FALSE(venue().parse_instruments(R"({"error":"NOT_FOUND"})"));
}

TEST(CoinbaseAdvanced, kinds_have_their_channels) {
  EXPECT_EQ(channel_of(kind_of_channel("market_trades")), Channel::kTrades);
  EXPECT_EQ(channel_of(kind_of_channel("ticker_batch")), Channel::kQuotes);
  EXPECT_EQ(channel_of(kind_of_channel("heartbeats")), Channel::kHeartbeat);
  EXPECT_EQ(kind_of_channel("l2_data"), Kind::kUnparsed);
  EXPECT_EQ(kind_of_channel("level2"), Kind::kUnknown);
  EXPECT_EQ(kind_of_type("error"), Kind::kError);
}

}  // namespace
}  // namespace tapeline::venue::coinbase_advanced
