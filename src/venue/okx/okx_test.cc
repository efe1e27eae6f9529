// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/okx.h"

#include <gtest/gtest.h>

namespace tapeline::venue::okx {
namespace {

TEST(Okx, its_names_are_canonical) {
  for (const char* name : {"BTC-USDT", "BTC-USD-SWAP", "BTC-USD-240628"}) {
    EXPECT_EQ(venue().canonical_symbol(name), name);
    EXPECT_EQ(venue().session.venue_symbol(name), name);
  }
}

TEST(Okx, the_list_names_the_spot_market_and_not_everything) {
  const auto pairs = venue().parse_instruments(
      R"({"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","baseCcy":"BTC"}]})");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (SymbolPairs{{"BTC-USDT", "BTC-USDT"}}));
  EXPECT_FALSE(venue().session.lists_everything);
}

TEST(Okx, another_list_is_the_venues_fault) {
  for (const char* other : {R"({"code":"50011","msg":"Too many requests","data":[]})", "<html>",
                            "[]", R"({"data":[{"instId":7}]})"}) {
    const auto pairs = venue().parse_instruments(other);
    ASSERT_FALSE(pairs) << other;
    EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
  }
  EXPECT_TRUE(venue().contiguous_ids);
}

}  // namespace
}  // namespace tapeline::venue::okx
