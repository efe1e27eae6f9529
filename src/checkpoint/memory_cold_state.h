// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/memory_state_store.h"
#include "checkpoint/cold_state.h"

namespace tapeline::checkpoint {

// For tests and simulations: what survives a crash is in Copies, which outlives it.
class MemoryColdState final : public ColdState {
 public:
  using Copies = std::map<std::uint64_t, MemoryStateStore::Entries>;

  explicit MemoryColdState(Copies& copies) : copies_(copies) {}

  [[nodiscard]] Result<void> restore(std::optional<std::uint64_t> snapshot) override {
    MemoryStateStore::Entries entries;
    if (snapshot) {
      const auto copy = copies_.find(*snapshot);
      if (copy == copies_.end()) {
        return fail(Fault::kTheirs, "the copy of older state is missing");
      }
      entries = copy->second;
    }
    store_ = std::make_unique<MemoryStateStore>(std::move(entries));
    return {};
  }
  [[nodiscard]] StateStore& store() override { return *store_; }
  [[nodiscard]] Result<void> copy(std::uint64_t snapshot) override {
    copies_[snapshot] = store_->entries();
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
