// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "model/trade_id.h"

namespace tapeline::ledger {

// The newest ids of a stream whose ids are not contiguous: a set with a horizon. When it is full,
// the oldest id leaves; an id that comes back after that is taken for new. That horizon, in ids,
// therefore also bounds how far back-fill may reach.
class RecentIds {
 public:
  explicit RecentIds(std::size_t horizon) : horizon_(horizon) {}

  [[nodiscard]] bool contains(const TradeId& id) const;

  // Adds an id that is not held.
  void add(const TradeId& id);

  [[nodiscard]] std::size_t size() const { return ids_.size(); }

  // From the oldest to the newest.
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kFree = UINT32_MAX;

  [[nodiscard]] std::size_t find_slot(const TradeId& id) const;
  void forget(const TradeId& id);
  void grow_table();

  std::size_t horizon_;
  std::vector<TradeId> ids_;  // a ring once it is full
  std::size_t oldest_ = 0;
  std::vector<Slot> table_;  // open addressing: indices into ids_; a power of two in size
};

}  // namespace tapeline::ledger
