// SPDX-License-Identifier: Apache-2.0
#include "stream/tick_outputs.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace tapeline::stream {

void TickOutputs::release(Position position) {
  if (!revisions_.empty()) say(position);
  sink_.on_tick_done(position);
}

void TickOutputs::say(Position position) {
  order_.clear();
  const std::vector<std::uint32_t>& ranks = names_.ranks();
  for (const BarRevision& revision : revisions_) {
    order_.push_back({ranks[revision.instrument.value()], static_cast<std::uint32_t>(order_.size()),
                      revision.interval, revision.start});
  }
  std::sort(order_.begin(), order_.end(), [](const Place& a, const Place& b) {
    return std::tie(a.rank, a.interval, a.start) < std::tie(b.rank, b.interval, b.start);
  });
  std::uint32_t ordinal = 0;
  for (const Place& place : order_) {
    BarRevision& revision = revisions_[place.index];
    revision.position = position;
    revision.ordinal = ordinal++;
    sink_.on_bar(revision);
  }
  revisions_.clear();
}

}  // namespace tapeline::stream
