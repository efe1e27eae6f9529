// SPDX-License-Identifier: Apache-2.0
#include "metrics/counters.h"

namespace tapeline::metrics {

Cell& Counters::cell(Counter counter, const Labels& labels) {
  for (Entry& entry : entries_) {
    if (entry.counter == counter && entry.labels == labels) return entry.cell;
  }
  Entry& entry = entries_.emplace_back();
  entry.counter = counter;
  entry.labels = labels;
  return entry.cell;
}

std::uint64_t Counters::total(Counter counter) const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_) {
    if (entry.counter == counter) sum += entry.cell.value();
  }
  return sum;
}

}  // namespace tapeline::metrics
