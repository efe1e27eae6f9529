// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "base/time.h"

namespace tapeline::metrics {

// How another clock stands to ours, from the times that it put on what came here: receipt less
// event, of which the least is the two clocks' difference and the quickest way (minimum filter).
// Of each window the least counts; add() is for one thread, reading() for any. Once a window a lock
// is taken, and memory is bounded.
class ClockOffset {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(10);
  static constexpr std::size_t kOffsetWindows = 6;  // the newest, whose least is the offset
  static constexpr std::size_t kDriftWindows = 60;
  static constexpr std::size_t kDriftWindowsMin = 6;

  struct Reading {
    Duration offset{};  // negative: the other clock is ahead of ours
    // Seconds a second by which the offset grows; none: too few windows.
    std::optional<double> drift{};
    std::size_t windows = 0;  // that it is from
  };

  // Something with an event time of the other clock was received.
  void add(EventTime event, RecvTime received);
  // Of the windows that are over; none: there is none yet.
  [[nodiscard]] std::optional<Reading> reading() const;

 private:
  struct Window {
    std::int64_t index = 0;     // of kWindow since 1970, by receipt
    std::int64_t least_ns = 0;  // receipt less event
  };

  void close_window();

  std::optional<Window> open_{};
  mutable std::mutex mutex_;  // guards closed_
  std::deque<Window> closed_{};
};

}  // namespace tapeline::metrics
