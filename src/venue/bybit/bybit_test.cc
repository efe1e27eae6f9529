// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/bybit.h"

#include <gtest/gtest.h>

#include "venue/instruments_fixture.h"

namespace tapeline::venue::bybit {
namespace {

TEST(Bybit, symbols_are_split_by_the_list_or_before_a_known_quote_asset) {
  EXPECT_EQ(venue().canonical_symbol("BTCUSDT"), "BTC-USDT");
  EXPECT_EQ(venue().canonical_symbol("BTCPERP"), "BTCPERP");
  EXPECT_EQ(venue().canonical_symbol("BTC-26DEC25"), "BTC-26DEC25");
}

TEST(Bybit, the_list_tells_the_instruments) {
  EXPECT_EQ(
      text_of(venue().parse_instruments(
          R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT",)"
          R"("baseCoin":"BTC","quoteCoin":"USDT","status":"Trading","lotSizeFilter":{)"
          R"("basePrecision":"0.000001","quotePrecision":"0.0000001","minOrderQty":"0.000011",)"
          R"("minOrderAmt":"5"},"priceFilter":{"tickSize":"0.01"}},)"
          R"({"symbol":"AB","baseCoin":"A","quoteCoin":"B"}],"nextPageCursor":""}})")),
      "BTCUSDT BTC-USDT BTC/USDT 0.01 0.000001 0.000011 5 trading(Trading)\n"
      "AB A-B A/B - - - - unknown()\n");
}

TEST(Bybit, another_list_is_the_venues_fault) {
  const auto pairs = venue().parse_instruments(R"({"retCode":10006,"retMsg":"no","result":{}})");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
  EXPECT_FALSE(venue().contiguous_ids);
}

}  // namespace
}  // namespace tapeline::venue::bybit
