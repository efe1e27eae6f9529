// SPDX-License-Identifier: Apache-2.0
#include "sim/market/market.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace tapeline::sim {
namespace {

constexpr EventTime kStart{1'700'000'000'123'456'789};
using std::chrono::milliseconds;
using std::chrono::seconds;

Market make_market(std::uint64_t seed, Duration step = std::chrono::microseconds(1)) {
  return Market({.seed = seed,
                 .instruments = make_instruments(kInstrumentsDefault, "USD"),
                 .trades_per_second = 200,
                 .time_step = step,
                 .start = kStart});
}

std::vector<Fill> fills_of(Market& market, Duration duration, Duration step) {
  std::vector<Fill> fills;
  for (Duration at = step; at <= duration; at += step) market.advance(kStart + at, fills);
  market.advance(kStart + duration, fills);
  return fills;
}

// All that a fill says, for comparing.
auto contents(const Fill& fill) {
  return std::tuple(fill.instrument, fill.ts_event, fill.id, fill.sequence, fill.price, fill.size,
                    fill.taker_buys, fill.taker_order, fill.maker_order, fill.aggregate_id,
                    fill.book.bid, fill.book.ask, fill.day.volume);
}

TEST(Market, the_same_seed_gives_the_same_fills_in_whatever_steps_time_passes) {
  Market once = make_market(7);
  Market often = make_market(7);
  const auto expected = fills_of(once, seconds(20), seconds(20));
  const auto fills = fills_of(often, seconds(20), milliseconds(3));
  ASSERT_GT(expected.size(), 1000U);
  ASSERT_EQ(fills.size(), expected.size());
  for (std::size_t i = 0; i < fills.size(); ++i) {
    ASSERT_EQ(contents(fills[i]), contents(expected[i])) << i;
  }
}

TEST(Market, another_seed_gives_other_fills) {
  Market one = make_market(7);
  Market other = make_market(8);
  const auto a = fills_of(one, seconds(2), seconds(2));
  const auto b = fills_of(other, seconds(2), seconds(2));
  ASSERT_FALSE(a.empty());
  ASSERT_FALSE(b.empty());
  EXPECT_NE(contents(a.front()), contents(b.front()));
}

TEST(Market, ids_have_no_holes_sequences_grow_and_times_do_not_go_back) {
  Market market = make_market(1);
  std::map<std::uint32_t, Fill> last;
  EventTime time = kStart;
  bool has_sequence_jumped = false;
  for (const Fill& fill : fills_of(market, seconds(60), seconds(1))) {
    ASSERT_GE(fill.ts_event + std::chrono::microseconds(1), time);
    time = std::max(time, fill.ts_event);
    const auto before = last.find(fill.instrument);
    if (before != last.end()) {
      const Fill& earlier = before->second;
      ASSERT_EQ(fill.id, earlier.id + 1);
      ASSERT_GE(fill.ts_event, earlier.ts_event);
      ASSERT_GT(fill.sequence, earlier.sequence);
      has_sequence_jumped |= fill.sequence > earlier.sequence + 1;
      ASSERT_EQ(fill.aggregate_id, earlier.aggregate_id + (earlier.ends_aggregate ? 1 : 0));
    }
    last[fill.instrument] = fill;
  }
  EXPECT_TRUE(has_sequence_jumped);
  EXPECT_GE(last.size(), kInstrumentsDefault - 1) << "all but the quiet one surely traded";
}

TEST(Market, fills_of_an_aggregate_share_order_price_and_time) {
  Market market = make_market(2);
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<Fill>> aggregates;
  for (const Fill& fill : fills_of(market, seconds(30), seconds(1))) {
    aggregates[{fill.instrument, fill.aggregate_id}].push_back(fill);
  }
  bool has_several = false;
  for (const auto& [key, fills] : aggregates) {
    std::int64_t size = 0;
    for (const Fill& fill : fills) {
      size += fill.size;
      EXPECT_EQ(fill.taker_order, fills.front().taker_order);
      EXPECT_EQ(fill.price, fills.front().price);
      EXPECT_EQ(fill.ts_event, fills.front().ts_event);
      EXPECT_EQ(fill.aggregate_first, fills.front().id);
    }
    EXPECT_EQ(fills.back().aggregate_size, size);
    EXPECT_TRUE(fills.back().ends_aggregate);
    has_several |= fills.size() > 1;
  }
  EXPECT_TRUE(has_several);
}

TEST(Market, many_trades_fall_into_one_millisecond_and_some_instruments_are_quiet) {
  Market market = make_market(3, milliseconds(1));
  std::map<std::pair<std::uint32_t, std::int64_t>, int> per_millisecond;
  std::map<std::uint32_t, int> per_instrument;
  int most = 0;
  for (const Fill& fill : fills_of(market, seconds(600), seconds(1))) {
    ASSERT_EQ(fill.ts_event.unix_ns() % 1'000'000, 0);
    most = std::max(most, ++per_millisecond[{fill.instrument, fill.ts_event.unix_ns()}]);
    ++per_instrument[fill.instrument];
  }
  EXPECT_GE(most, 5);
  EXPECT_GT(per_instrument[0], 40'000);
  EXPECT_GE(per_instrument[3], 1);
  EXPECT_LT(per_instrument[3], 200);
}

TEST(Market, the_rate_is_about_what_was_asked_for) {
  Market market = make_market(4);
  const auto fills = fills_of(market, seconds(300), seconds(1));
  EXPECT_GT(fills.size(), 300U * 200 * 9 / 10);
  EXPECT_LT(fills.size(), 300U * 200 * 11 / 10);
}

TEST(Market, prices_and_sizes_stay_numbers) {
  Market market({.seed = 5,
                 .instruments = make_instruments(40, "USDT"),
                 .trades_per_second = 20'000,
                 .start = kStart});
  std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>> range;
  for (const Fill& fill : fills_of(market, seconds(20), seconds(1))) {
    ASSERT_GT(fill.price, 0);
    ASSERT_GT(fill.size, 0);
    ASSERT_GT(fill.book.bid, 0);
    ASSERT_GT(fill.book.ask, fill.book.bid);
    ASSERT_LE(fill.day.low, fill.price);
    ASSERT_GE(fill.day.high, fill.price);
    auto [at, is_new] = range.try_emplace(fill.instrument, fill.price, fill.price);
    at->second.first = std::min(at->second.first, fill.price);
    at->second.second = std::max(at->second.second, fill.price);
  }
  for (const auto& [instrument, prices] : range) EXPECT_LT(prices.first, prices.second);
}

}  // namespace
}  // namespace tapeline::sim
