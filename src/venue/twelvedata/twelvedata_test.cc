// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/twelvedata.h"

#include <gtest/gtest.h>

#include "venue/instruments_fixture.h"
#include "venue/twelvedata/kind.h"

namespace tapeline::venue::twelvedata {
namespace {

TEST(TwelveData, pairs_are_canonical) {
  EXPECT_EQ(venue().name, "twelvedata");
  EXPECT_EQ(venue().canonical_symbol("AAPL"), "AAPL");
  EXPECT_EQ(venue().canonical_symbol("EUR/USD"), "EUR-USD");
}

TEST(TwelveData, its_prices_have_no_ids) {
  EXPECT_FALSE(venue().has_ids);
  EXPECT_FALSE(venue().contiguous_ids);
  EXPECT_EQ(venue().history, nullptr);
}

TEST(TwelveData, the_symbol_list_names_the_instruments) {
  EXPECT_EQ(text_of(venue().parse_instruments(
                R"({"data":[{"symbol":"EUR/USD"},{"symbol":"AAPL"},{"symbol":"BF-B"}]})")),
            "EUR/USD EUR-USD EUR/USD - - - - unknown()\nAAPL AAPL AAPL/ - - - - unknown()\n"
            "BF-B BF-B BF-B/ - - - - unknown()\n");
  EXPECT_FALSE(venue().parse_instruments(R"({"code":401})"));
}

TEST(TwelveData, kinds_have_their_channels) {
  EXPECT_EQ(channel_of(kind_of("price")), Channel::kTrades);
  EXPECT_EQ(channel_of(kind_of("heartbeat")), Channel::kHeartbeat);
  EXPECT_EQ(kind_of("subscribe-status"), Kind::kStatus);
  EXPECT_EQ(kind_of("Price"), Kind::kUnknown);
}

}  // namespace
}  // namespace tapeline::venue::twelvedata
