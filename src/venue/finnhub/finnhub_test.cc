// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/finnhub.h"

#include <gtest/gtest.h>

#include "venue/finnhub/kind.h"
#include "venue/instruments_fixture.h"

namespace tapeline::venue::finnhub {
namespace {

TEST(Finnhub, symbols_are_canonical_as_they_are) {
  EXPECT_EQ(venue().name, "finnhub");
  EXPECT_EQ(venue().canonical_symbol("AAPL"), "AAPL");
  EXPECT_EQ(venue().canonical_symbol("BINANCE:BTCUSDT"), "BINANCE:BTCUSDT");
}

TEST(Finnhub, its_trades_have_no_ids) {
  EXPECT_FALSE(venue().has_ids);
  EXPECT_FALSE(venue().contiguous_ids);
}

TEST(Finnhub, the_symbol_list_names_the_instruments) {
  EXPECT_EQ(text_of(venue().parse_instruments(
                R"([{"symbol":"AAPL","currency":"USD"},{"currency":"USD","symbol":"BRK.B"}])")),
            "AAPL AAPL AAPL/ - - - - unknown()\nBRK.B BRK.B BRK.B/ - - - - unknown()\n");
}

TEST(Finnhub, another_list_is_the_venues_fault) {
  const auto pairs = venue().parse_instruments(R"({"error":"Invalid API key"})");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().fault, Fault::kTheirs);
}

TEST(Finnhub, kinds_have_their_channels) {
  EXPECT_EQ(channel_of(kind_of("trade")), Channel::kTrades);
  EXPECT_EQ(channel_of(kind_of("ping")), Channel::kHeartbeat);
  EXPECT_EQ(channel_of(kind_of("error")), Channel::kOther);
  EXPECT_EQ(kind_of("news"), Kind::kUnparsed);
  EXPECT_EQ(kind_of("pr"), Kind::kUnparsed);
  for (const char* type : {"", "Trade", "trades", "trade ", "quote"}) {
    EXPECT_EQ(kind_of(type), Kind::kUnknown) << type;
  }
}

}  // namespace
}  // namespace tapeline::venue::finnhub
