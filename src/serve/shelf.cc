// SPDX-License-Identifier: Apache-2.0
#include "serve/shelf.h"

namespace tapeline::serve {

bool put_newest(BarsByStart& bars, const store::BarRow& bar) {
  const auto [at, is_new] = bars.try_emplace(bar.start, bar);
  if (is_new) return true;
  if (!is_as_new(at->second, bar)) return false;
  at->second = bar;
  return true;
}

void Shelf::put(const store::BarRow& bar) {
  const BarsKey key{bar.instrument, bar.interval};
  if (!put_newest(bars_[key], bar) || bar.state == BarState::kProvisional) return;
  final_.emplace_back(bar.position.ordinal, key, bar.start);
}

void Shelf::forget_stored(std::uint64_t ordinal) {
  while (!final_.empty() && std::get<0>(final_.front()) < ordinal) {
    const auto& [at, key, start] = final_.front();
    BarsByStart& bars = bars_[key];
    const auto bar = bars.find(start);
    // A later revision has an entry of its own.
    if (bar != bars.end() && bar->second.position.ordinal == at) bars.erase(bar);
    final_.pop_front();
  }
}

const BarsByStart* Shelf::find(const BarsKey& key) const {
  const auto bars = bars_.find(key);
  return bars != bars_.end() ? &bars->second : nullptr;
}

}  // namespace tapeline::serve
