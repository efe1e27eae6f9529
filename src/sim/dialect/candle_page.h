// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// The venue's own candles of one minute each, the oldest first: the truth, as far as the history
// reaches. The newest may not be over yet. Minutes without a trade are left out.

// A time in a request, in whole units since 1970; `otherwise` where it is not given or is none.
EventTime candle_time(const Target& target, std::string_view name, Duration unit,
                      EventTime otherwise);

struct CandlePage {
  EventTime from = kEventTimeMin;  // of their starts: included
  EventTime to = kEventTimeMax;    // not included
  std::size_t limit = 0;
  bool keeps_newest = false;  // where there are more; else the oldest
};
std::vector<TruthBar> candles_of(const TradeHistory& history, const CandlePage& page);

// A number of the candle as the venue's text, without trailing zeros.
struct CandleText {
  CandleText(const Instrument& instrument, const TruthBar& bar);

  std::int64_t start_s = 0;
  std::string open;
  std::string high;
  std::string low;
  std::string close;
  std::string volume;
  std::string notional;
};

}  // namespace tapeline::sim
