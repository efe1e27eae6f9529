// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/memory_state_store.h"
#include "checkpoint/cold_state.h"

namespace tapeline::checkpoint {

// For tests and simulations: what survives a crash is in Copies, which outlives it.
class MemoryColdState final : public ColdState {
 public:
  struct Copy {
    Position snapshot;
    MemoryStateStore::Entries entries;
  };
  using Copies = std::map<std::uint64_t, Copy>;  // by the snapshot's record

  explicit MemoryColdState(Copies& copies) : copies_(copies) {}

  [[nodiscard]] Result<void> restore(const std::optional<Position>& snapshot) override {
    MemoryStateStore::Entries entries;
    if (snapshot) {
      const auto copy = copies_.find(snapshot->ordinal);
      if (copy == copies_.end()) {
        return fail(Fault::kTheirs, "the copy of older state is missing");
      }
      if (copy->second.snapshot != *snapshot) {
        return fail(Fault::kTheirs, "the copy of older state is another snapshot's");
      }
      entries = copy->second.entries;
    }
    store_ = std::make_unique<MemoryStateStore>(std::move(entries));
    return {};
  }
  [[nodiscard]] StateStore& store() override { return *store_; }
  [[nodiscard]] Result<void> copy(const Position& snapshot) override {
    copies_[snapshot.ordinal] = {snapshot, store_->entries()};
    return {};
  }
  [[nodiscard]] Result<void> keep_only(const std::vector<std::uint64_t>& snapshots) override {
    std::erase_if(copies_, [&](const auto& copy) {
      return std::find(snapshots.begin(), snapshots.end(), copy.first) == snapshots.end();
    });
    return {};
  }

 private:
  Copies& copies_;
  std::unique_ptr<MemoryStateStore> store_ = std::make_unique<MemoryStateStore>();
};

}  // namespace tapeline::checkpoint
