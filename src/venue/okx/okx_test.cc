// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/okx.h"

#include <gtest/gtest.h>

#include "venue/instruments_fixture.h"

namespace tapeline::venue::okx {
namespace {

TEST(Okx, its_names_are_canonical) {
  for (const char* name : {"BTC-USDT", "BTC-USD-SWAP", "BTC-USD-240628"}) {
    EXPECT_EQ(venue().canonical_symbol(name), name);
    EXPECT_EQ(venue().session.venue_symbol(name), name);
  }
}

TEST(Okx, the_list_tells_the_spot_market_and_not_everything) {
  EXPECT_EQ(
      text_of(venue().parse_instruments(
          R"({"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","baseCcy":"BTC",)"
          R"("tickSz":"0.1","lotSz":"0.00000001","minSz":"0.00001","state":"live"},)"
          R"({"instId":"X-USDT","tickSz":"","state":"preopen"}]})")),
      "BTC-USDT BTC-USDT BTC/USDT 0.1 0.00000001 0.00001 - trading(live)\n"
      "X-USDT X-USDT X/USDT - - - - pending(preopen)\n");
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
