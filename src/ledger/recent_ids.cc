// SPDX-License-Identifier: Apache-2.0
#include "ledger/recent_ids.h"

#include <algorithm>

#include "base/check.h"

namespace tapeline::ledger {

std::size_t RecentIds::find_slot(const TradeId& id) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = (id.hash() >> 20) & mask;
  while (table_[at] != kFree && !(ids_[table_[at]] == id)) at = (at + 1) & mask;
  return at;
}

void RecentIds::save(ByteWriter& out) const {
  out.number(ids_.size());
  for (std::size_t i = oldest_; i < ids_.size(); ++i) ids_[i].save(out);
  for (std::size_t i = 0; i < oldest_; ++i) ids_[i].save(out);
}

void RecentIds::load(ByteReader& in) {
  const ByteReader::Part part(in, "recent ids");
  for (std::size_t left = in.count(horizon_); left > 0 && !in.failed(); --left) {
    TradeId id;
    id.load(in);
    in.require(!contains(id), "an id is there twice");
    if (!in.failed()) add(id);
  }
}

bool RecentIds::contains(const TradeId& id) const {
  return !table_.empty() && table_[find_slot(id)] != kFree;
}

void RecentIds::add(const TradeId& id) {
  if (ids_.size() * 2 >= table_.size()) grow_table();
  std::size_t place = ids_.size();
  if (ids_.size() == horizon_) {
    place = oldest_;
    oldest_ = (oldest_ + 1) % horizon_;
    forget(ids_[place]);
    ids_[place] = id;
  } else {
    ids_.push_back(id);
  }
  table_[find_slot(id)] = static_cast<Slot>(place);
}

// Removes without leaving a tombstone: later entries of the same probe run move back.
void RecentIds::forget(const TradeId& id) {
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = find_slot(id);
  TAPELINE_CHECK(table_[hole] != kFree, "the oldest id is in the table");
  for (std::size_t at = (hole + 1) & mask; table_[at] != kFree; at = (at + 1) & mask) {
    const std::size_t home = (ids_[table_[at]].hash() >> 20) & mask;
    if (((at - home) & mask) >= ((at - hole) & mask)) {
      table_[hole] = table_[at];
      hole = at;
    }
  }
  table_[hole] = kFree;
}

void RecentIds::grow_table() {
  if (ids_.size() == horizon_ && table_.size() > ids_.size()) return;
  constexpr std::size_t kSmallest = 64;
  table_.assign(std::max(kSmallest, table_.size() * 2), kFree);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    table_[find_slot(ids_[i])] = static_cast<Slot>(i);
  }
}

}  // namespace tapeline::ledger
