// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/kraken.h"

#include <gtest/gtest.h>

#include "venue/kraken/symbol.h"

namespace tapeline::venue::kraken {
namespace {

TEST(Kraken, symbols_have_a_dash_where_the_venue_has_a_slash) {
  EXPECT_EQ(venue().canonical_symbol("BTC/USD"), "BTC-USD");
  EXPECT_EQ(venue().canonical_symbol("BTC-USD"), "BTC-USD");
  EXPECT_EQ(venue().session.venue_symbol("AAPLx-USD"), "AAPLx/USD");
}

TEST(Kraken, asset_pairs_name_what_is_streamed_by_its_names) {
  const auto pairs = venue().parse_instruments(
      R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT\/USD","base":"XXBT"},)"
      R"("XXBTZUSD.d":{"altname":"XBTUSD.d"},"ETHXBT":{"wsname":"ETH/XBT"},)"
      R"("XDGUSD":{"wsname":"XDG/USD"}}})");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (SymbolPairs{
                        {"BTC/USD", "BTC-USD"}, {"ETH/BTC", "ETH-BTC"}, {"DOGE/USD", "DOGE-USD"}}));
  EXPECT_EQ(rest_name("ETH/BTC"), "ETH/XBT");
  EXPECT_EQ(rest_name("DOGE/USD"), "XDG/USD");
}

TEST(Kraken, another_list_is_the_venues_fault) {
  for (const char* other : {R"({"error":["EAPI:Rate limit exceeded"]})", "<html>", "[]",
                            R"({"error":[],"result":[]})"}) {
    const auto pairs = venue().parse_instruments(other);
    ASSERT_FALSE(pairs) << other;
    EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
  }
  EXPECT_TRUE(venue().contiguous_ids);
  EXPECT_EQ(venue().name, "kraken");
}

}  // namespace
}  // namespace tapeline::venue::kraken
