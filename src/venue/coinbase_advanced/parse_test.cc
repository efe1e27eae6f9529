// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "base/padding.h"
#include "venue/coinbase_advanced/scan_frame.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

bool is_taken(std::string frame) {
  const std::size_t size = frame.size();
  frame.append(kReadPadding, '\0');
  Items items;
  const bool taken = scan_frame(std::string_view(frame).substr(0, size), items);
  EXPECT_EQ(taken, !items.empty()) << frame;
  return taken;
}

std::string frame_of(const std::string& envelope, const std::string& time) {
  return R"({"channel":"market_trades",)" + envelope +
         R"("timestamp":"2025-12-31T06:00:12.516946132Z","sequence_num":1851,"events":[)"
         R"({"type":"update","trades":[{"product_id":"BTC-USD","trade_id":"929248657",)"
         R"("price":"88355.59","size":"0.00136573","time":")" +
         time + R"(","side":"SELL"}]}]})";
}

// Else nobody would notice that it takes nothing.
TEST(CoinbaseAdvancedParser, the_scan_takes_what_the_venue_writes) {
  EXPECT_TRUE(is_taken(frame_of(R"("client_id":"",)", "2025-12-31T06:00:12.44524Z")));
  EXPECT_TRUE(is_taken(frame_of("", "2025-12-31T06:00:12Z")));
  EXPECT_FALSE(is_taken(frame_of("", "yesterday")));
  EXPECT_FALSE(is_taken(frame_of("\"x\":1,", "2025-12-31T06:00:12Z")));
  EXPECT_TRUE(is_taken(R"({"channel":"l2_data","timestamp":"2026-04-07T14:30:01Z","events":[]})"));
}

}  // namespace
}  // namespace tapeline::venue::coinbase_advanced
