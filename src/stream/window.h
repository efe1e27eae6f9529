// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace tapeline::stream {

// The start of the tumbling window of length `interval`, aligned to 1970 UTC, that holds `time`.
constexpr EventTime window_start(EventTime time, Duration interval) {
  const std::int64_t ns = time.unix_ns();
  std::int64_t rest = ns % interval.count();
  if (rest < 0) rest += interval.count();
  return EventTime(ns - rest);
}

// How several interval lengths share the work of one pass: a window whose length is a multiple of
// a shorter one is made by merging that one's windows; the others see every trade.
class IntervalPlan {
 public:
  struct Level {
    Duration interval{};
    std::vector<std::size_t> fed;       // the levels that merge this one's windows
    std::optional<std::size_t> feeder;  // the level whose windows this one merges; none: a root
  };

  // Lengths in any order, repeated ones once.
  explicit IntervalPlan(std::vector<Duration> intervals);

  // By length, the shortest first; a level is fed only by an earlier one.
  [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }
  // The levels that see every trade.
  [[nodiscard]] const std::vector<std::size_t>& roots() const { return roots_; }

 private:
  std::vector<Level> levels_;
  std::vector<std::size_t> roots_;
};

}  // namespace tapeline::stream
