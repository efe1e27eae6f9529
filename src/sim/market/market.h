// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/market/fill.h"
#include "sim/market/instrument.h"
#include "sim/market/random.h"

namespace tapeline::sim {

struct MarketOptions {
  static constexpr std::uint32_t kRateDefault = 50;
  static constexpr std::uint32_t kRateMax = 2'000'000;

  std::uint64_t seed = 1;
  std::vector<Instrument> instruments{};
  std::uint32_t trades_per_second = kRateDefault;     // of all together, on average
  Duration time_step = std::chrono::microseconds(1);  // to which event times are cut
  EventTime start;
};

// A market without a clock: it moves when told what time it is. The same options give the same
// fills, in whatever steps the time passes. Each instrument is a random walk of taker orders that
// arrive alone or in bursts of many within a few milliseconds; an order takes one resting order or
// several, at one price or through several. One thread.
class Market {
 public:
  explicit Market(MarketOptions options);

  [[nodiscard]] const std::vector<Instrument>& instruments() const { return options_.instruments; }
  // Nothing happens before this.
  [[nodiscard]] EventTime next_at() const { return EventTime(queue_.front().first); }

  // Appends every fill up to and with `until`, in the order of their times. As much as happened:
  // who lets hours pass at once takes them in slices.
  void advance(EventTime until, std::vector<Fill>& out);

 private:
  struct State {
    Random random{0};
    std::int64_t mean_gap_ns = 0;  // between arrivals
    std::int64_t tick = 1;         // how far a price moves at least
    std::uint32_t burst_left = 0;
    std::uint64_t next_id = 0;
    std::uint64_t next_order = 1;
    Fill last;  // the fill before; at first only its prices mean something
  };

  void take_order(std::uint32_t index, std::int64_t at_ns, std::vector<Fill>& out);
  static void set_book(State& state, Fill& fill);
  // How long until the instrument's next order.
  static std::int64_t next_gap(State& state);

  MarketOptions options_;
  std::vector<State> states_;
  // (when, instrument): a heap whose front comes next.
  std::vector<std::pair<std::int64_t, std::uint32_t>> queue_;
};

}  // namespace tapeline::sim
