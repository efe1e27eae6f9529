// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/state_store.h"

namespace tapeline::checkpoint {

// The part of an engine's state that is not in memory, and the copies of it that go with snapshots.
// restore() comes before the first use of store(); copies may be made and removed on another thread
// than the one that uses the store, one at a time.
class ColdState {
 public:
  ColdState() = default;
  ColdState(const ColdState&) = delete;
  ColdState& operator=(const ColdState&) = delete;
  virtual ~ColdState() = default;

  // Makes the store what it was when the snapshot at that record was taken; none: empty. Another
  // snapshot's copy under its name is an Error, as a missing one is.
  [[nodiscard]] virtual Result<void> restore(const std::optional<Position>& snapshot) = 0;
  // Lives until the next restore().
  [[nodiscard]] virtual StateStore& store() = 0;

  // Keeps the store as it stands now, durable, for the snapshot at that record.
  [[nodiscard]] virtual Result<void> copy(const Position& snapshot) = 0;
  // Removes the copies of all snapshots but those at these records.
  [[nodiscard]] virtual Result<void> keep_only(const std::vector<std::uint64_t>& snapshots) = 0;
};

}  // namespace tapeline::checkpoint
