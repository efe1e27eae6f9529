// SPDX-License-Identifier: Apache-2.0
#include "stream/window.h"

#include <algorithm>

namespace tapeline::stream {

IntervalPlan::IntervalPlan(std::vector<Duration> intervals) {
  std::sort(intervals.begin(), intervals.end());
  intervals.erase(std::unique(intervals.begin(), intervals.end()), intervals.end());
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    levels_.push_back({intervals[i], {}, {}});
    std::optional<std::size_t>& feeder = levels_[i].feeder;
    for (std::size_t shorter = 0; shorter < i; ++shorter) {
      if (intervals[i] % intervals[shorter] == Duration(0)) feeder = shorter;
    }
    if (feeder) {
      levels_[*feeder].fed.push_back(i);
    } else {
      roots_.push_back(i);
    }
  }
}

}  // namespace tapeline::stream
