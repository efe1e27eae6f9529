// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/coinbase.h"

#include <gtest/gtest.h>

#include "venue/coinbase/kind.h"
#include "venue/instruments_fixture.h"

namespace tapeline::venue::coinbase {
namespace {

TEST(Coinbase, symbols_are_canonical_as_they_are) {
  EXPECT_EQ(venue().canonical_symbol("BTC-USD"), "BTC-USD");
  EXPECT_EQ(venue().name, "coinbase");
  EXPECT_TRUE(venue().contiguous_ids);
}

TEST(Coinbase, the_product_list_tells_the_instruments) {
  EXPECT_EQ(
      text_of(venue().parse_instruments(
          R"([{"id":"BTC-USD","base_currency":"BTC"},)"
          R"({"base_currency":"ETH","id":"ETH-EUR","quote_increment":"0.01","cancel_only":false,)"
          R"("base_increment":"0.00000001","min_market_funds":"0.84","status":"online",)"
          R"("trading_disabled":false},)"
          R"({"id":"A-USD","status":"online","trading_disabled":true,"cancel_only":true},)"
          R"({"id":"B-USD","status":"online","limit_only":true},)"
          R"({"id":"C-USD","status":"delisted","trading_disabled":true}])")),
      "BTC-USD BTC-USD BTC/USD - - - - unknown()\n"
      "ETH-EUR ETH-EUR ETH/EUR 0.01 0.00000001 - 0.84 trading(online)\n"
      "A-USD A-USD A/USD - - - - halted(trading_disabled)\n"
      "B-USD B-USD B/USD - - - - restricted(limit_only)\n"
      "C-USD C-USD C/USD - - - - delisted(delisted)\n");
}

TEST(Coinbase, another_list_is_the_venues_fault) {
  const auto pairs = venue().parse_instruments(R"({"message":"NotFound"})");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
}

TEST(Coinbase, kinds_have_their_channels) {
  EXPECT_EQ(channel_of(kind_of("match")), Channel::kTrades);
  EXPECT_EQ(channel_of(kind_of("last_match")), Channel::kTrades);
  EXPECT_EQ(channel_of(kind_of("ticker")), Channel::kQuotes);
  EXPECT_EQ(channel_of(kind_of("heartbeat")), Channel::kHeartbeat);
  EXPECT_EQ(channel_of(kind_of("subscriptions")), Channel::kOther);
}

TEST(Coinbase, documented_kinds_are_known) {
  for (const char* type : {"l2update", "snapshot", "status", "received", "open", "done", "change",
                           "activate", "auction", "rfq_match", "level3", "balance"}) {
    EXPECT_EQ(kind_of(type), Kind::kUnparsed) << type;
  }
  for (const char* type : {"", "Match", "matches", "match ", "trade"}) {
    EXPECT_EQ(kind_of(type), Kind::kUnknown) << type;
  }
}

}  // namespace
}  // namespace tapeline::venue::coinbase
