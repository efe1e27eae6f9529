// SPDX-License-Identifier: Apache-2.0
#include "app/live/subscriptions.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace tapeline::app::live {
namespace {

config::Feed feed_of(const char* venue, std::vector<std::string> channels) {
  config::Feed feed;
  feed.venue = venue;
  feed.channels = std::move(channels);
  return feed;
}

TEST(Subscriptions, another_symbol_goes_to_the_feed_that_is_parsed) {
  std::vector<config::Feed> feeds{
      feed_of("okx", {"trades"}), feed_of("binance", {"raw:depth", "raw:forceOrder"}),
      feed_of("binance", {"raw:depth", "quotes"}), feed_of("binance", {"trades"})};
  EXPECT_EQ(feed_to_extend(feeds, "binance"), &feeds[2]);
  EXPECT_EQ(feed_to_extend(feeds, "okx"), &feeds[0]);
  EXPECT_EQ(feed_to_extend(feeds, "kraken"), nullptr);
  feeds.resize(2);
  EXPECT_EQ(feed_to_extend(feeds, "binance"), &feeds[1]) << "there is no other";
}

}  // namespace
}  // namespace tapeline::app::live
