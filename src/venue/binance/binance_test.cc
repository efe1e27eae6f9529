// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/binance.h"

#include <gtest/gtest.h>

#include "venue/binance/kind.h"
#include "venue/instruments_fixture.h"

namespace tapeline::venue::binance {
namespace {

TEST(Binance, symbols_are_split_before_the_longest_known_quote_asset) {
  const auto canonical = venue().canonical_symbol;
  EXPECT_EQ(canonical("BTCUSDT"), "BTC-USDT");
  EXPECT_EQ(canonical("BTCFDUSD"), "BTC-FDUSD");
  EXPECT_EQ(canonical("BTCTUSD"), "BTC-TUSD");
  EXPECT_EQ(canonical("BNBBTC"), "BNB-BTC");
  EXPECT_EQ(canonical("ETHEURI"), "ETH-EURI");
  EXPECT_EQ(canonical("BTCUSD1"), "BTC-USD1");
  EXPECT_EQ(canonical("\xe5\xb8\x81USDT"), "\xe5\xb8\x81-USDT");
}

TEST(Binance, a_symbol_without_base_or_known_quote_stays) {
  const auto canonical = venue().canonical_symbol;
  EXPECT_EQ(canonical("USDT"), "USDT");
  EXPECT_EQ(canonical("EUR"), "EUR");
  EXPECT_EQ(canonical("AAABBB"), "AAABBB");
  EXPECT_EQ(canonical(""), "");
  EXPECT_EQ(canonical("btcusdt"), "btcusdt");
}

TEST(Binance, exchange_info_tells_the_instruments) {
  EXPECT_EQ(
      text_of(venue().parse_instruments(
          R"({"timezone":"UTC","rateLimits":[{"symbol":"no"}],"symbols":[)"
          R"({"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT",)"
          R"("filters":[{"filterType":"PRICE_FILTER","minPrice":"0.01","tickSize":"0.01000000"},)"
          R"({"filterType":"LOT_SIZE","minQty":"0.00002000","stepSize":"0.00001000"},)"
          R"({"filterType":"MARKET_LOT_SIZE","stepSize":"0.00000000"},)"
          R"({"filterType":"NOTIONAL","minNotional":"5.00000000"}]},)"
          R"({"quoteAsset":"BNB","baseAsset":"A","symbol":"ABNB","status":"BREAK"}]})")),
      "BTCUSDT BTC-USDT BTC/USDT 0.01 0.00001 0.00002 5 trading(TRADING)\n"
      "ABNB A-BNB A/BNB - - - - halted(BREAK)\n");
}

TEST(Binance, another_list_is_the_venues_fault) {
  const auto pairs = venue().parse_instruments(R"({"code":-1121,"msg":"Invalid symbol."})");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
  EXPECT_TRUE(venue().contiguous_ids);
  EXPECT_EQ(venue().name, "binance");
}

TEST(Binance, documented_kinds_are_known) {
  for (const char* event : {"depthUpdate", "kline", "24hrTicker", "24hrMiniTicker", "avgPrice",
                            "blockTrade", "markPriceUpdate", "forceOrder"}) {
    EXPECT_EQ(kind_of(event), Kind::kUnparsed) << event;
  }
  for (const char* event : {"", "Trade", "aggtrade", "trade "}) {
    EXPECT_EQ(kind_of(event), Kind::kUnknown) << event;
  }
}

}  // namespace
}  // namespace tapeline::venue::binance
