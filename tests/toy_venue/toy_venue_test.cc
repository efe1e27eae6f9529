// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "decode/decoder_fixture.h"
#include "decode/venue_table.h"

namespace tapeline::decode {
namespace {

std::string toy_frame(int id, const std::string& more = "") {
  return R"({"symbol":"btc/usd","id":)" + std::to_string(id) +
         R"(,"price":"1.50","size":"2","ms":1618677817000)" + more + "}";
}

TEST(ToyVenue, a_folder_and_a_row_make_a_venue_that_everybody_knows) {
  ASSERT_TRUE(find_venue("toy"));
  EXPECT_EQ(venue_names().back(), "toy");
}

TEST(ToyVenue, its_frames_become_trades_with_identity_and_names) {
  Feed feed;
  feed.open("toy");
  feed.frame(toy_frame(7));
  feed.frame(toy_frame(7));
  feed.frame(toy_frame(9));
  feed.frame("{}");
  ASSERT_EQ(feed.said.trades.size(), 2U);
  const Trade& trade = feed.said.trades[0];
  EXPECT_EQ(trade.id, TradeId(7));
  EXPECT_EQ(trade.price, (Decimal{15, 1}));
  EXPECT_TRUE(trade.contiguous);
  EXPECT_EQ(feed.total(Counter::kItemsDuplicate), 1U);
  EXPECT_EQ(feed.said.rejects, std::vector<std::string>{"missing_field symbol"});
}

}  // namespace
}  // namespace tapeline::decode
