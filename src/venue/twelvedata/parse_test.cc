// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "base/padding.h"
#include "venue/twelvedata/scan_frame.h"

namespace tapeline::venue::twelvedata {
namespace {

bool is_taken(std::string frame) {
  const std::size_t size = frame.size();
  frame.append(kReadPadding, '\0');
  Items items;
  const bool taken = scan_frame(std::string_view(frame).substr(0, size), items);
  EXPECT_EQ(taken, !items.empty()) << frame;
  return taken;
}

// Else nobody would notice that it takes nothing.
TEST(TwelveDataParser, the_scan_takes_what_the_venue_writes) {
  const std::string head = R"({"event":"price","symbol":"BTC/USD","currency_base":"Bitcoin",)"
                           R"("currency_quote":"US Dollar","exchange":"Coinbase Pro",)"
                           R"("type":"Digital Currency","timestamp":1680286333,"price":28326.8)";
  EXPECT_TRUE(is_taken(head + R"(,"bid":28326.8,"ask":28326.9,"day_volume":18817})"));
  EXPECT_TRUE(is_taken(head + "}"));
  EXPECT_FALSE(is_taken(head + R"(,"bid":28326.8})"));
  EXPECT_FALSE(is_taken(head + R"(,"day_volume":1e5})"));
  EXPECT_FALSE(is_taken(R"({"event":"price","symbol":"A","type":"x\"y","timestamp":1,"price":1})"));
}

}  // namespace
}  // namespace tapeline::venue::twelvedata
