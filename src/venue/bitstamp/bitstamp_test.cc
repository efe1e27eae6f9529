// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/bitstamp.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "venue/bitstamp/kind.h"
#include "venue/bitstamp/symbol.h"
#include "venue/instruments_fixture.h"

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

TEST(Bitstamp, the_list_of_pairs_tells_the_instruments) {
  EXPECT_EQ(
      text_of(venue().parse_instruments(
          R"([{"name":"BTC/USD","url_symbol":"btcusd","base_decimals":8,"counter_decimals":2,)"
          R"("minimum_order":"10.0 USD","trading":"Enabled"},)"
          R"({"url_symbol":"x-perp","name":"X/USD-PERP","trading":"Disabled"}])")),
      "btcusd BTC-USD BTC/USD 0.01 0.00000001 - 10 trading(Enabled)\n"
      "x-perp X-USD-PERP X/USD-PERP - - - - halted(Disabled)\n");
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
