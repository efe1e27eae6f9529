// SPDX-License-Identifier: Apache-2.0
#include "app/config/feeds.h"

#include <gtest/gtest.h>

namespace tapeline::app::config {
namespace {

using Texts = std::vector<std::string>;

Feed feed(const std::string& venue, const Texts& symbols, const std::string& proxy = "") {
  Feed out;
  out.venue = venue;
  out.symbols = symbols;
  out.proxy = proxy;
  return out;
}

// "venue[proxy]:symbol symbol" of each feed.
Texts shown(const std::vector<Feed>& feeds) {
  Texts out;
  for (const Feed& f : feeds) {
    out.push_back(f.venue + "[" + f.proxy + "]:");
    for (const std::string& symbol : f.symbols) out.back() += " " + symbol;
  }
  return out;
}

Texts effective(const std::vector<Feed>& configured, const Texts& patterns = {}) {
  Config config;
  config.feeds = configured;
  const auto feeds = effective_feeds(config, patterns);
  return feeds ? shown(*feeds) : Texts{feeds.error()};
}

TEST(EffectiveFeeds, are_two_instruments_of_coinbase_by_default) {
  EXPECT_EQ(effective({}), Texts{"coinbase[]: BTC-USD ETH-USD"});
  EXPECT_EQ(default_feeds().at(0).channels, (Texts{"trades", "quotes"}));
}

TEST(EffectiveFeeds, are_those_that_are_configured) {
  EXPECT_EQ(effective({feed("binance", {"BTCUSDT", "BTCUSDT"}, "p"), feed("coinbase", {"*"})}),
            (Texts{"binance[p]: BTCUSDT", "coinbase[]: *"}));
  EXPECT_EQ(effective({feed("binance", {"A"}), feed("coinbase", {})}),
            Texts{"feeds[1].symbols: missing (say which instruments to subscribe to, like "
                  "[BTC-USD])"});
}

TEST(EffectiveFeeds, a_pattern_with_a_venue_is_exactly_that) {
  EXPECT_EQ(effective({}, {"coinbase:BTC-USD"}), Texts{"coinbase[]: BTC-USD"});
  EXPECT_EQ(effective({}, {"coinbase:*-EUR"}), Texts{"coinbase[]: *-EUR"});
  EXPECT_EQ(effective({}, {"binance:BTCUSDT"}), Texts{"binance[]: BTCUSDT"});
  EXPECT_EQ(effective({feed("coinbase", {"BTC-USD"}, "p")},
                      {"coinbase:SOL-USD", "coinbase:SOL-USD", "coinbase:BTC-USD"}),
            Texts{"coinbase[p]: SOL-USD BTC-USD"})
      << "with the settings of the venue's feed";
  EXPECT_EQ(effective({feed("coinbase", {}, "p")}, {"coinbase:A"}), Texts{"coinbase[p]: A"});
}

TEST(EffectiveFeeds, a_symbol_belongs_to_the_feed_that_lists_it) {
  const std::vector<Feed> two{feed("coinbase", {"BTC-USD"}, "p"), feed("coinbase", {"ETH-*"}, "q")};
  EXPECT_EQ(effective(two, {"coinbase:ETH-USD"}), Texts{"coinbase[q]: ETH-USD"});
  EXPECT_EQ(effective(two, {"coinbase:SOL-USD", "coinbase:ETH-USD"}),
            (Texts{"coinbase[p]: SOL-USD", "coinbase[q]: ETH-USD"}));
  EXPECT_EQ(effective(two, {"binance:A", "binance:B"}), Texts{"binance[]: A B"});
}

TEST(EffectiveFeeds, a_pattern_without_a_venue_selects) {
  const std::vector<Feed> two{feed("binance", {"BTCUSDT", "ETHUSDT"}),
                              feed("coinbase", {"BTC-USD", "ETH-USD"})};
  EXPECT_EQ(effective(two, {"*BTC*"}), (Texts{"binance[]: BTCUSDT", "coinbase[]: BTC-USD"}));
  EXPECT_EQ(effective(two, {"*:ETH-USD"}), Texts{"coinbase[]: ETH-USD"});
  EXPECT_EQ(effective(two, {"*"}), shown(two));
  EXPECT_EQ(effective({}, {"*ETH*"}), Texts{"coinbase[]: ETH-USD"});
  EXPECT_EQ(effective({}, {"*SOL*"}),
            Texts{"--instrument: \"*SOL*\" is none of what is configured (coinbase:BTC-USD, "
                  "coinbase:ETH-USD); name the venue"});
}

}  // namespace
}  // namespace tapeline::app::config
