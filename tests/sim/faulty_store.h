// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "canary.h"
#include "clocks.h"
#include "coverage.h"
#include "journal/memory_disk.h"
#include "sim/market/random.h"
#include "store/memory_store.h"
#include "store/writer.h"

namespace tapeline::simulation {

// What happens to the store's next commits.
struct StoreWeather {
  enum class Next : std::uint8_t { kNothing, kAnswerLost, kCrashBefore, kCrashAfter };

  std::int64_t busy_until_ns = 0;  // until then a commit is refused
  Next next = Next::kNothing;      // of one commit
};

// The writer that one life of the program has of the store in memory.
class FaultyWriter final : public store::Writer {
 public:
  // All that is given outlives it.
  FaultyWriter(std::unique_ptr<store::Writer> inner, store::MemoryStore& store,
               StoreWeather& weather, const Clocks& clocks, Coverage& coverage)
      : inner_(std::move(inner)),
        store_(store),
        weather_(weather),
        clocks_(clocks),
        coverage_(coverage) {}

  void set_canary(Canary canary, sim::Random random) {
    canary_ = canary;
    random_ = random;
  }

  [[nodiscard]] Result<void> commit(const store::Batch& batch, Position position) override;
  [[nodiscard]] Result<void> record(const store::Reconciliation& found) override {
    return inner_->record(found);
  }
  [[nodiscard]] std::optional<Position> position() const override { return inner_->position(); }
  [[nodiscard]] std::unique_ptr<store::Reader> open_reader() override {
    return inner_->open_reader();
  }

 private:
  [[nodiscard]] Result<void> commit_broken(const store::Batch& batch, Position position);

  std::unique_ptr<store::Writer> inner_;
  store::MemoryStore& store_;
  StoreWeather& weather_;
  const Clocks& clocks_;
  Coverage& coverage_;
  Canary canary_ = Canary::kNone;
  sim::Random random_{0};
};

}  // namespace tapeline::simulation
