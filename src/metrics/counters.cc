// SPDX-License-Identifier: Apache-2.0
#include "metrics/counters.h"

namespace tapeline::metrics {

Cell& Counters::cell(Counter counter, const Labels& labels) {
  const auto known = index_.find(key_of(counter, labels));
  if (known != index_.end()) return known->second->cell;
  Entry& entry = entries_.emplace_back();
  entry.counter = counter;
  entry.labels = labels;
  index_.emplace(key_of(counter, entry.labels), &entry);
  return entry.cell;
}

Counters::Entry* Counters::find(std::string_view name, const Labels& labels) const {
  for (const CounterRow& row : kCounters) {
    if (row.name != name) continue;
    const auto known = index_.find(key_of(row.counter, labels));
    return known != index_.end() ? known->second : nullptr;
  }
  return nullptr;
}

void Counters::save(ByteWriter& out) const {
  std::size_t counted = 0;
  for (const Entry& entry : entries_) counted += entry.cell.value() > 0 ? 1U : 0U;
  out.number(counted);
  for (const Entry& entry : entries_) {
    if (entry.cell.value() == 0) continue;
    out.text(kCounters[static_cast<std::size_t>(entry.counter)].name);
    out.text(entry.labels.venue);
    out.text(entry.labels.channel);
    out.text(entry.labels.reason);
    out.number(entry.cell.value());
  }
}

void Counters::load(ByteReader& in) {
  const ByteReader::Part part(in, "counters");
  for (std::size_t left = in.count(entries_.size()); left > 0 && !in.failed(); --left) {
    const std::string_view name = in.text();
    const std::string venue(in.text());
    const std::string channel(in.text());
    const std::string reason(in.text());
    const auto value = in.number<std::uint64_t>();
    Entry* entry = find(name, {venue, channel, reason});
    in.require(entry != nullptr && entry->cell.value() == 0, "a counter is not known, or twice");
    if (!in.failed()) entry->cell.add(value);
  }
}

std::uint64_t Counters::total(Counter counter) const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_) {
    if (entry.counter == counter) sum += entry.cell.value();
  }
  return sum;
}

}  // namespace tapeline::metrics
