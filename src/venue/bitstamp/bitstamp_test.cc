// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/bitstamp.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "venue/bitstamp/kind.h"
#include "venue/bitstamp/symbol.h"

namespace tapeline::venue::bitstamp {
namespace {

TEST(Bitstamp, pairs_are_canonical_and_back) {
  for (const auto& [symbol, canonical] : {std::pair<std::string, std::string>{"btcusd", "BTC-USD"},
                                          {"ethbtc", "ETH-BTC"},
                                          {"btcusdt", "BTC-USDT"},
                                          {"usdtusd", "USDT-USD"},
                                          {"usdteur", "USDT-EUR"},
                                          {"btcpyusd", "BTC-PYUSD"},
                                          {"1inchusd", "1INCH-USD"},
                                          {"btcusd-perp", "BTC-USD-PERP"}}) {
    EXPECT_EQ(venue().canonical_symbol(symbol), canonical);
    EXPECT_EQ(venue_symbol(canonical), symbol);
  }
  EXPECT_EQ(venue().canonical_symbol("usd"), "USD");
  EXPECT_EQ(venue().canonical_symbol("x"), "X");
}

TEST(Bitstamp, ids_are_there_and_do_not_count) {
  EXPECT_EQ(venue().name, "bitstamp");
  EXPECT_TRUE(venue().has_ids);
  EXPECT_FALSE(venue().contiguous_ids);
}

TEST(Bitstamp, the_list_of_pairs_names_the_instruments) {
  const auto pairs = venue().parse_instruments(
      R"([{"name":"BTC/USD","url_symbol":"btcusd"},{"url_symbol":"x-perp","name":"X/USD-PERP"}])");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (SymbolPairs{{"btcusd", "BTC-USD"}, {"x-perp", "X-USD-PERP"}}));
  EXPECT_FALSE(venue().parse_instruments(R"({"code":"404"})"));
}

TEST(Bitstamp, channels_end_in_their_symbol) {
  EXPECT_EQ(split_channel("live_trades_btcusd").channel, "live_trades");
  EXPECT_EQ(split_channel("live_trades_btcusd").symbol, "btcusd");
  EXPECT_EQ(split_channel("diff_order_book_ethusd").channel, "diff_order_book");
  EXPECT_EQ(split_channel("live").symbol, "");
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
