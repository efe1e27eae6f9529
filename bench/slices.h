// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"

namespace tapeline::bench {

// How long the slices of one piece of work take, which is done again and again: of each slice the
// least of all runs, by the clock. Added up, that is what the work takes where nobody else wants
// the machine, which a whole run may never meet. The work and its slices must be the same each
// time.
class Slices {
 public:
  void begin_run() {
    at_ = 0;
    since_ns_ = clock_.monotonic_ns();
  }
  void end_slice() {
    const std::int64_t now = clock_.monotonic_ns();
    if (at_ == least_ns_.size()) least_ns_.push_back(now - since_ns_);
    least_ns_[at_] = std::min(least_ns_[at_], now - since_ns_);
    ++at_;
    since_ns_ = now;
  }

  // Microseconds for each of so many items.
  [[nodiscard]] double us_each(std::size_t items) const {
    std::int64_t all = 0;
    for (const std::int64_t ns : least_ns_) all += ns;
    return static_cast<double>(all) / 1e3 / static_cast<double>(items);
  }

 private:
  SystemClock clock_;
  std::vector<std::int64_t> least_ns_;
  std::size_t at_ = 0;
  std::int64_t since_ns_ = 0;
};

// The name under which script/bench looks for it.
inline constexpr const char* kLeastUs = "least_us";

}  // namespace tapeline::bench
