// SPDX-License-Identifier: Apache-2.0
#include "sim/id_ranges.h"

#include <algorithm>
#include <iterator>

namespace tapeline::sim {

void IdRanges::add(std::uint64_t first, std::uint64_t last) {
  auto next = runs_.upper_bound(first);
  if (next != runs_.begin()) {
    const auto before = std::prev(next);
    if (before->second + 1 >= first) {  // touches or holds it
      if (before->second >= last) return;
      first = before->first;
      next = before;
    }
  }
  while (next != runs_.end() && next->first <= last + 1) {
    last = std::max(last, next->second);
    next = runs_.erase(next);
  }
  if (runs_.size() == kRangesMax) {
    is_complete_ = false;
    return;
  }
  runs_.emplace_hint(next, first, last);
}

bool IdRanges::contains(std::uint64_t id) const {
  const auto next = runs_.upper_bound(id);
  return next != runs_.begin() && std::prev(next)->second >= id;
}

IdRanges IdRanges::holes() const {
  IdRanges holes;
  holes.is_complete_ = is_complete_;
  for (auto run = runs_.begin(); run != runs_.end(); ++run) {
    const auto next = std::next(run);
    if (next != runs_.end()) holes.add(run->second + 1, next->first - 1);
  }
  return holes;
}

}  // namespace tapeline::sim
