// SPDX-License-Identifier: Apache-2.0
#include "serve/shelf.h"

namespace tapeline::serve {

store::BarRow row_of(const BarRevision& bar) {
  std::uint32_t unshown = 0;  // the engine counts them
  return store::BarRow::of(bar, unshown);
}

void Shelf::put(const BarRevision& bar) {
  const BarsKey key{bar.instrument, bar.interval};
  if (!put_newest(bars_[key], bar) || bar.state == BarState::kProvisional) return;
  final_.emplace_back(bar.position.ordinal, key, bar.start);
}

void Shelf::forget_stored(std::uint64_t ordinal) {
  while (!final_.empty() && std::get<0>(final_.front()) < ordinal) {
    const auto& [at, key, start] = final_.front();
    Bars& bars = bars_[key];
    const auto bar = bars.find(start);
    // A later revision has an entry of its own.
    if (bar != bars.end() && bar->second.position.ordinal == at) bars.erase(bar);
    final_.pop_front();
  }
}

BarsByStart Shelf::rows(const BarsKey& key) const {
  BarsByStart rows;
  const auto bars = bars_.find(key);
  if (bars == bars_.end()) return rows;
  for (const auto& [start, bar] : bars->second) rows.emplace_hint(rows.end(), start, row_of(bar));
  return rows;
}

std::optional<store::BarRow> Shelf::row(const BarsKey& key, EventTime start) const {
  const auto bars = bars_.find(key);
  if (bars == bars_.end()) return std::nullopt;
  const auto bar = bars->second.find(start);
  return bar != bars->second.end() ? std::optional(row_of(bar->second)) : std::nullopt;
}

}  // namespace tapeline::serve
