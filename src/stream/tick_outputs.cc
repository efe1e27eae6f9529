// SPDX-License-Identifier: Apache-2.0
#include "stream/tick_outputs.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace tapeline::stream {

void TickOutputs::release(Position position) {
  if (revisions_.empty()) return;
  sorted_.resize(revisions_.size());
  for (std::size_t i = 0; i < sorted_.size(); ++i) sorted_[i] = i;
  const std::vector<std::uint32_t>& ranks = names_.ranks();
  const auto key = [&](std::size_t i) {
    const BarRevision& revision = revisions_[i];
    return std::tuple(ranks[revision.instrument.value()], revision.interval, revision.start);
  };
  std::sort(sorted_.begin(), sorted_.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::uint32_t ordinal = 0;
  for (const std::size_t i : sorted_) {
    revisions_[i].position = position;
    revisions_[i].ordinal = ordinal++;
    sink_.on_bar(revisions_[i]);
  }
  revisions_.clear();
}

}  // namespace tapeline::stream
