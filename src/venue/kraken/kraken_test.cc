// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/kraken.h"

#include <gtest/gtest.h>

#include "venue/instruments_fixture.h"
#include "venue/kraken/symbol.h"

namespace tapeline::venue::kraken {
namespace {

TEST(Kraken, symbols_have_a_dash_where_the_venue_has_a_slash) {
  EXPECT_EQ(venue().canonical_symbol("BTC/USD"), "BTC-USD");
  EXPECT_EQ(venue().canonical_symbol("BTC-USD"), "BTC-USD");
  EXPECT_EQ(venue().session.venue_symbol("AAPLx-USD"), "AAPLx/USD");
}

TEST(Kraken, asset_pairs_tell_what_is_streamed_by_its_names) {
  EXPECT_EQ(text_of(venue().parse_instruments(
                R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT\/USD",)"
                R"("pair_decimals":1,"lot_decimals":8,"ordermin":"0.00005","costmin":"0.5",)"
                R"("tick_size":"0.1","status":"online"},)"
                R"("XXBTZUSD.d":{"altname":"XBTUSD.d"},)"
                R"("ETHXBT":{"wsname":"ETH/XBT","pair_decimals":5,"status":"cancel_only"},)"
                R"("XDGUSD":{"wsname":"XDG/USD"},"LUNA2USD":{"wsname":"LUNA2/USD"}}})")),
            "BTC/USD BTC-USD BTC/USD 0.1 0.00000001 0.00005 0.5 trading(online)\n"
            "ETH/BTC ETH-BTC ETH/BTC 0.00001 - - - restricted(cancel_only)\n"
            "DOGE/USD DOGE-USD DOGE/USD - - - - unknown()\n"
            "LUNA2/USD LUNA2-USD LUNA/USD - - - - unknown()\n");
  EXPECT_EQ(rest_name("ETH/BTC"), "ETH/XBT");
  EXPECT_EQ(rest_name("DOGE/USD"), "XDG/USD");
}

TEST(KrakenSymbol, an_answer_may_call_a_pair_by_its_names_of_old) {
  for (const char* key : {"XXBTZUSD", "XBTUSD", "XBT/USD", "BTC/USD", "BTCUSD"}) {
    EXPECT_TRUE(is_key_of(key, "BTC/USD")) << key;
  }
  EXPECT_TRUE(is_key_of("XXRPZEUR", "XRP/EUR"));
  EXPECT_TRUE(is_key_of("XXDGZUSD", "DOGE/USD"));
  EXPECT_TRUE(is_key_of("XETHXXBT", "ETH/BTC"));
  EXPECT_TRUE(is_key_of("ZEURZUSD", "EUR/USD"));
  EXPECT_TRUE(is_key_of("USDTZUSD", "USDT/USD"));
  EXPECT_TRUE(is_key_of("SOLUSD", "SOL/USD"));
  for (const char* key : {"XETHZUSD", "XBTUSDT", "XXBTZEUR", "XBT", "", "/", "ETHXBTUSD"}) {
    EXPECT_FALSE(is_key_of(key, "BTC/USD")) << key;
  }
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
