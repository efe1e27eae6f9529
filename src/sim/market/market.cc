// SPDX-License-Identifier: Apache-2.0
#include "sim/market/market.h"

#include <algorithm>
#include <functional>

#include "base/check.h"

namespace tapeline::sim {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

// Of what an arrival is made: one in twenty is a burst of 3 to 13 orders, and three orders in ten
// take 2 to 4 resting ones.
constexpr std::uint64_t kBurstPercent = 5;
constexpr std::int64_t kBurstMin = 3;
constexpr std::int64_t kBurstMax = 13;
constexpr std::int64_t kBurstGapNsMax = 400'000;
constexpr std::uint64_t kSweepPercent = 30;
constexpr std::int64_t kSweepMin = 2;
constexpr std::int64_t kSweepMax = 4;
// Therefore trades in a thousand arrivals: (950 * 1 + 50 * 8) orders of (0.7 * 1 + 0.3 * 3) fills.
constexpr std::int64_t kTradesPerThousandArrivals = 2160;

constexpr auto kLater = std::greater<>();

// How many fills the order has.
std::int64_t draw_fills(Random& random) {
  return random.percent(kSweepPercent) ? random.between(kSweepMin, kSweepMax) : 1;
}

// Mostly any size, sometimes a round one, sometimes the least there is.
std::int64_t draw_size(Random& random, std::int64_t typical) {
  const std::uint64_t kind = random.below(50);
  if (kind == 0) return 1;
  if (kind < 8) return typical * random.between(1, 5);
  return random.between(1, typical * 2);
}

// The price stays between a quarter and four times what it began with.
bool draw_taker_buys(Random& random, std::int64_t price, std::int64_t start_price) {
  if (price > start_price * 4) return false;
  if (price < start_price / 4) return true;
  return random.percent(50);
}

void follow_day(DayFigures& day, const Fill& fill) {
  day.low = std::min(day.low, fill.price);
  day.high = std::max(day.high, fill.price);
  day.volume += fill.size;
}

}  // namespace

Market::Market(MarketOptions options) : options_(std::move(options)) {
  TAPELINE_CHECK(!options_.instruments.empty(), "a market has instruments");
  TAPELINE_CHECK(
      options_.trades_per_second >= 1 && options_.trades_per_second <= MarketOptions::kRateMax,
      "the rate of trades has bounds");
  std::int64_t weights = 0;
  for (const Instrument& instrument : options_.instruments) weights += instrument.weight;
  for (std::uint32_t i = 0; i < options_.instruments.size(); ++i) {
    const Instrument& instrument = options_.instruments[i];
    State& state = states_.emplace_back();
    state.random = Random::of(options_.seed, i);
    // Seconds between arrivals = trades an arrival has / (rate * share of the rate).
    state.mean_gap_ns = std::max<std::int64_t>(
        1,
        static_cast<std::int64_t>(static_cast<Int128>(kSecondNs) * kTradesPerThousandArrivals *
                                  weights / instrument.weight / 1000 / options_.trades_per_second));
    state.tick = std::max<std::int64_t>(1, instrument.start_price / 50'000);
    state.next_id = 1'000'000 * (i + 1) + state.random.below(900'000);
    Fill& last = state.last;
    last.price = instrument.start_price;
    last.sequence = 10'000'000 * (i + 1) + state.random.below(1'000'000);
    last.aggregate_id = state.next_id / 3;
    last.day = {.open = last.price, .low = last.price, .high = last.price, .volume = 0};
    set_book(state, last);
    queue_.emplace_back(options_.start.unix_ns() + next_gap(state), i);
  }
  std::make_heap(queue_.begin(), queue_.end(), kLater);
}

void Market::advance(EventTime until, std::vector<Fill>& out) {
  while (queue_.front().first <= until.unix_ns()) {
    std::pop_heap(queue_.begin(), queue_.end(), kLater);
    auto& [at_ns, index] = queue_.back();
    take_order(index, at_ns, out);
    at_ns += next_gap(states_[index]);
    std::push_heap(queue_.begin(), queue_.end(), kLater);
  }
}

std::int64_t Market::next_gap(State& state) {
  Random& random = state.random;
  if (state.burst_left == 0 && random.percent(kBurstPercent)) {
    state.burst_left = static_cast<std::uint32_t>(random.between(kBurstMin, kBurstMax)) - 1;
    return random.between(1, state.mean_gap_ns * 2);
  }
  if (state.burst_left == 0) return random.between(1, state.mean_gap_ns * 2);
  --state.burst_left;
  return random.between(1, std::min(kBurstGapNsMax, state.mean_gap_ns));
}

void Market::take_order(std::uint32_t index, std::int64_t at_ns, std::vector<Fill>& out) {
  const Instrument& instrument = options_.instruments[index];
  State& state = states_[index];
  Random& random = state.random;
  const std::int64_t step = options_.time_step.count();
  const bool buys = draw_taker_buys(random, state.last.price, instrument.start_price);

  Fill fill = state.last;
  fill.instrument = index;
  fill.taker_buys = buys;
  fill.ts_event = EventTime(at_ns - at_ns % step);
  fill.taker_order = state.next_order++;
  fill.price = buys ? fill.book.ask : fill.book.bid;
  fill.aggregate_size = 0;
  const std::int64_t fills = draw_fills(random);
  for (std::int64_t i = 0; i < fills; ++i) {
    fill.id = state.next_id++;
    if (fill.aggregate_size == 0) {
      ++fill.aggregate_id;
      fill.aggregate_first = fill.id;
    }
    fill.sequence += static_cast<std::uint64_t>(random.between(1, 40));
    fill.maker_order = state.next_order++;
    fill.size = draw_size(random, instrument.typical_size);
    fill.aggregate_size += fill.size;
    follow_day(fill.day, fill);
    std::int64_t next_price = fill.price;
    if (random.percent(50)) next_price += state.tick * random.between(1, 3) * (buys ? 1 : -1);
    fill.ends_order = i + 1 == fills;
    // A price that would not be one ends the walk of this order, not the market.
    if (next_price <= 0) next_price = fill.price;
    fill.ends_aggregate = fill.ends_order || next_price != fill.price;
    if (fill.ends_order) set_book(state, fill);
    out.push_back(fill);
    state.last = fill;
    fill.price = next_price;
    if (fill.ends_aggregate) fill.aggregate_size = 0;
  }
}

void Market::set_book(State& state, Fill& fill) {
  Random& random = state.random;
  TopOfBook& book = fill.book;
  book.id += static_cast<std::uint64_t>(random.between(1, 9));
  book.bid = std::max<std::int64_t>(1, fill.price - state.tick * random.between(0, 2));
  book.ask = book.bid + state.tick * random.between(1, 3);
  book.bid_size = random.between(1, 1'000'000);
  book.ask_size = random.between(1, 1'000'000);
}

}  // namespace tapeline::sim
