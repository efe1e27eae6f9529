// SPDX-License-Identifier: Apache-2.0
#include "store/listings.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "store/duckdb/query_fixture.h"

namespace tapeline::store::duckdb {
namespace {

using Lines = std::vector<std::string>;

constexpr RecvTime at_second(std::int64_t s) { return RecvTime(s * 1'000'000'000); }

class Listed : public Query {
 protected:
  void SetUp() override {
    Query::SetUp();
    say(1000, 10, {btc("coinbase", "BTC-USD", "USD"), btc("binance", "BTCUSDT", "USDT")});
    Listing halted = btc("coinbase", "BTC-USD", "USD");
    halted.status = ListingStatus::kHalted;
    halted.venue_status = "trading_disabled";
    halted.tick_size = Decimal{1, 3};
    say(1001, 20, {halted, eth()});
    halted.status = ListingStatus::kVanished;
    halted.venue_status.clear();
    say(1002, 30, {halted});
  }

  static Listing btc(const std::string& venue, const std::string& symbol,
                     const std::string& quote) {
    return {.symbol = symbol,
            .canonical = "BTC-" + quote,
            .base = "BTC",
            .quote = quote,
            .tick_size = Decimal{1, 2},
            .lot_size = Decimal{1, 8},
            .min_notional = Decimal{5, 0},
            .status = ListingStatus::kTrading,
            .venue_status = venue == "coinbase" ? "online" : "TRADING"};
  }
  static Listing eth() { return {.symbol = "ETH_%\\", .canonical = "ETH_%\\", .base = "it's ETH"}; }
  void say(std::uint64_t position, std::int64_t second, const std::vector<Listing>& listings) {
    InstrumentNames names;
    Batch batch{.names = &names};
    std::uint32_t ordinal = 0;
    for (const Listing& listing : listings) {
      const char* venue = listing.quote == "USDT" ? "binance" : "coinbase";
      batch.listings.push_back({at(position), ordinal++, venue, at_second(second), listing});
    }
    const auto done = writer_->commit(batch, at(position));
    ASSERT_TRUE(done) << done.error().text;
  }
  // "instrument status from-to" of each, times in seconds; of the rows of this test.
  Lines of(ListingsAsked asked) {
    if (asked.patterns.empty()) asked.patterns = {"coinbase:*", "binance:*"};
    return ask(
        "SELECT instrument, status, valid_from // 1000000000, valid_to // 1000000000 "
        "FROM (" +
        listings_sql(asked, true) + ")");
  }
};

TEST_F(Listed, are_by_now_what_was_said_last) {
  EXPECT_EQ(of({}), (Lines{"binance:BTC-USDT|trading|10|-", "coinbase:BTC-USD|vanished|30|-",
                           "coinbase:ETH_%\\|unknown|20|-"}));
  EXPECT_EQ(ask("SELECT instrument, status FROM instruments WHERE venue = 'coinbase' ORDER BY ALL"),
            (Lines{"coinbase:BTC-USD|vanished", "coinbase:ETH_%\\|unknown"}));
}

TEST_F(Listed, are_as_of_a_time_what_was_known_then) {
  EXPECT_EQ(of({.as_of = at_second(9)}), Lines{});
  EXPECT_EQ(of({.as_of = at_second(10)}),
            (Lines{"binance:BTC-USDT|trading|10|-", "coinbase:BTC-USD|trading|10|20"}));
  EXPECT_EQ(of({.venue = "coinbase", .as_of = at_second(29)}),
            (Lines{"coinbase:BTC-USD|halted|20|30", "coinbase:ETH_%\\|unknown|20|-"}));
}

TEST_F(Listed, have_a_history) {
  EXPECT_EQ(of({.patterns = {"coinbase:BTC-USD"}, .is_history = true}),
            (Lines{"coinbase:BTC-USD|trading|10|20", "coinbase:BTC-USD|halted|20|30",
                   "coinbase:BTC-USD|vanished|30|-"}));
  EXPECT_EQ(of({.patterns = {"coinbase:BTC-USD"}, .as_of = at_second(20), .is_history = true}),
            (Lines{"coinbase:BTC-USD|trading|10|20", "coinbase:BTC-USD|halted|20|30"}));
}

TEST_F(Listed, are_the_markets_of_an_asset_wherever_it_is_listed) {
  EXPECT_EQ(of({.base = "BTC", .as_of = at_second(10)}),
            (Lines{"binance:BTC-USDT|trading|10|-", "coinbase:BTC-USD|trading|10|20"}));
  EXPECT_EQ(of({.base = "BTC", .quote = "USD", .as_of = at_second(10)}),
            Lines{"coinbase:BTC-USD|trading|10|20"})
      << "USDT is another asset";
  EXPECT_EQ(of({.base = "it's ETH"}), Lines{"coinbase:ETH_%\\|unknown|20|-"});
}

TEST_F(Listed, go_by_patterns_in_which_a_star_alone_is_special) {
  const Lines binance{"binance:BTC-USDT|trading|10|-"};
  EXPECT_EQ(of({.patterns = {"BTC-USDT"}}), binance);
  EXPECT_EQ(of({.patterns = {"BTCUSDT"}}), binance) << "the venue's own";
  EXPECT_EQ(of({.patterns = {"b*:*-USDT"}}), binance);
  EXPECT_EQ(of({.patterns = {"ETH_%\\"}}), Lines{"coinbase:ETH_%\\|unknown|20|-"});
  EXPECT_EQ(of({.patterns = {"BTC_USDT"}}), Lines{});
  EXPECT_EQ(of({.patterns = {"BTC%"}}), Lines{});
  EXPECT_EQ(of({.patterns = {"x' OR 'a'='a"}}), Lines{});
  EXPECT_EQ(of({.patterns = {"coinbase:*", "binance:*"}, .limit = 1}), binance);
}

TEST_F(Listed, have_exact_steps_and_nothing_where_nothing_is_said) {
  EXPECT_EQ(ask("SELECT symbol, venue_symbol, tick_size, lot_size, min_size, min_notional, "
                "venue_status FROM instrument_history WHERE venue IN ('coinbase', 'binance') "
                "ORDER BY position, ordinal LIMIT 4"),
            (Lines{"BTC-USD|BTC-USD|0.01|0.00000001|-|5|online",
                   "BTC-USDT|BTCUSDT|0.01|0.00000001|-|5|TRADING",
                   "BTC-USD|BTC-USD|0.001|0.00000001|-|5|trading_disabled",
                   "ETH_%\\|ETH_%\\|-|-|-|-|-"}));
}

}  // namespace
}  // namespace tapeline::store::duckdb
