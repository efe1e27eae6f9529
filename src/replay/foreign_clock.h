// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace tapeline::replay {

// Time for inputs that were not recorded by us: the recorder's ticks, every 100 ms of ts_recv, and
// a ts_recv where the input has none: the greatest plausible ts_event so far.
class ForeignClock {
 public:
  static constexpr Duration kTick = std::chrono::milliseconds(100);

  // The time of receipt of a frame that says nothing about it, from the newest time in it.
  RecvTime infer(std::optional<EventTime> newest) {
    if (newest) inferred_ = std::max(inferred_, RecvTime(newest->unix_ns()));
    return inferred_;
  }

  // The tick that belongs before a record received at `ts_recv`, if one does. However far the
  // time jumps, it is one tick; when it goes back, none.
  std::optional<EngineTime> tick_before(RecvTime ts_recv) {
    const std::int64_t now = ts_recv.unix_ns();
    if (now <= last_tick_ || now - last_tick_ < kTick.count()) return std::nullopt;
    last_tick_ = now - now % kTick.count();
    return EngineTime(last_tick_);
  }

 private:
  RecvTime inferred_;
  std::int64_t last_tick_ = 0;  // a multiple of kTick
};

}  // namespace tapeline::replay
