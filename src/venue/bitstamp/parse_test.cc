// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "base/padding.h"
#include "reference/venue_reference.h"
#include "venue/bitstamp/scan_frame.h"

namespace tapeline::venue::bitstamp {
namespace {

std::string frame_of(const std::string& channel, const std::string& amount) {
  return R"({"data":{"id":216000501,"timestamp":"1709251199","amount":)" + amount +
         R"(,"amount_str":"7.56178113","price":3800.74,"price_str":"3800.74","type":1,)"
         R"("microtimestamp":"1709251199243000","buy_order_id":1443875824185348,)"
         R"("sell_order_id":1443875826016256},"channel":")" +
         channel + R"(","event":"trade"})";
}

bool is_taken(std::string frame) {
  const std::size_t size = frame.size();
  frame.append(kReadPadding, '\0');
  Items items;
  const bool taken = scan_frame(std::string_view(frame).substr(0, size), items);
  EXPECT_EQ(taken, items.size() == 1) << frame;
  return taken;
}

// Else nobody would notice that it takes nothing.
TEST(BitstampParser, the_scan_takes_what_the_venue_writes) {
  EXPECT_TRUE(is_taken(frame_of("live_trades_ethusd", "7.56178113")));
  EXPECT_FALSE(is_taken(frame_of("live_trades_ethusd", "1e-05")));
  EXPECT_FALSE(is_taken(frame_of("live_orders_ethusd", "1")));
  EXPECT_TRUE(is_taken(
      R"({"data":{"timestamp":"1","bids":[]},"channel":"diff_order_book_x","event":"data"})"));
}

TEST(BitstampParser, the_texts_count_and_not_the_numbers_beside_them) {
  FrameParser parser;
  const std::string said = reference::describe(parser, frame_of("live_trades_ethusd", "7.5"));
  EXPECT_NE(said.find("size=7.56178113 "), std::string::npos) << said;
  EXPECT_EQ(said, reference::describe(parser, frame_of("live_trades_ethusd", "75e-1")));
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
