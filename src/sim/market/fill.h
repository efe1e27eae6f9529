// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tapeline::sim {

// Best bid and offer.
struct TopOfBook {
  std::uint64_t id = 0;  // the venue's counter of changes; some are never shown
  std::int64_t bid = 0;
  std::int64_t bid_size = 0;
  std::int64_t ask = 0;
  std::int64_t ask_size = 0;
};

// What a venue shows as the figures of the day; here, since the market's start.
struct DayFigures {
  std::int64_t open = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t volume = 0;
};

// One execution: what a taker's order and one resting order agreed on. Prices and sizes are in
// units of the instrument's last places.
struct Fill {
  std::uint32_t instrument = 0;  // index into the market's
  bool taker_buys = false;
  bool ends_aggregate = false;  // the last of its order at this price
  bool ends_order = false;
  EventTime ts_event;
  std::uint64_t id = 0;        // without holes per instrument
  std::uint64_t sequence = 0;  // counts more than trades, so it jumps
  std::int64_t price = 0;
  std::int64_t size = 0;
  std::uint64_t taker_order = 0;
  std::uint64_t maker_order = 0;
  // The fills of one order at one price, which some venues show as one trade.
  std::uint64_t aggregate_id = 0;  // without holes per instrument
  std::uint64_t aggregate_first = 0;
  std::int64_t aggregate_size = 0;  // up to and with this fill
  TopOfBook book;                   // after this fill; final when it ends its order
  DayFigures day;
};

}  // namespace tapeline::sim
