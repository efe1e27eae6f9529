// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/coinbase_advanced.h"

#include <gtest/gtest.h>

#include "venue/coinbase_advanced/kind.h"
#include "venue/instruments_fixture.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

TEST(CoinbaseAdvanced, symbols_are_canonical_as_they_are_and_ids_count) {
  EXPECT_EQ(venue().name, "coinbase_advanced");
  EXPECT_EQ(venue().canonical_symbol("BTC-USD"), "BTC-USD");
  EXPECT_TRUE(venue().contiguous_ids);
}

TEST(CoinbaseAdvanced, the_product_list_tells_the_instruments) {
  EXPECT_EQ(text_of(venue().parse_instruments(
                R"({"num_products":2,"products":[{"product_id":"BTC-USD","price_increment":"0.01",)"
                R"("base_increment":"0.00000001","base_min_size":"0.0001","quote_min_size":"1",)"
                R"("status":"online","is_disabled":false,"view_only":false},)"
                R"({"product_id":"ETH-EUR","status":"online","view_only":true}]})")),
            "BTC-USD BTC-USD BTC/USD 0.01 0.00000001 0.0001 1 trading(online)\n"
            "ETH-EUR ETH-EUR ETH/EUR - - - - halted(view_only)\n");
  EXPECT_EQ(text_of(venue().parse_instruments(
                R"({"products":[{"product_id":"BTC-USD"}],"pagination":{"has_next":true}})")),
            "BTC-USD BTC-USD BTC/USD - - - - unknown()\nand more\n");
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
