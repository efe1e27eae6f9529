// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "checkpoint/memory_cold_state.h"
#include "journal/memory_disk.h"
#include "journal/writer.h"
#include "pipeline/checkpoints.h"
#include "pipeline/engine.h"
#include "pipeline/follower.h"
#include "pipeline/restore.h"
#include "pipeline/sink.h"
#include "store/memory_store.h"

namespace tapeline::pipeline {

inline constexpr const char* kJournalFolder = "data/journal";
inline constexpr const char* kSnapshotsFolder = "data/snapshots";

// A small market of two products, as Coinbase would have sent it: holes, disorder, repetitions, bad
// frames and trades that are too late, with ticks between. For tests.
class Market {
 public:
  explicit Market(std::uint64_t seed);

  void play(int frames);
  // What follows stands in another segment, which begins with what is in force.
  void next_segment();

  [[nodiscard]] std::uint64_t durable_ordinal() const { return writer_->durable_ordinal(); }

  journal::MemoryDisk disk;
  checkpoint::MemoryColdState::Copies cold_copies;  // beside the snapshots

 private:
  void begin();
  void tick(std::int64_t time);
  std::string frame();
  void append(journal::RecordType type, const std::string& bytes);

  std::mt19937_64 random_;
  std::unique_ptr<journal::Writer> writer_;
  std::int64_t now_;
  std::int64_t next_tick_;
  std::array<std::uint64_t, 2> last_id_{1000, 5000};
};

EngineOptions market_options(unsigned shards = 1, bool keeps_bars_cold = false);

struct ProcessOptions {
  unsigned shards = 1;
  FollowerOptions follower{.batch_rows = 50, .batch_age = std::chrono::milliseconds(0)};
  std::optional<CheckpointsOptions> snapshots{};  // none: it takes none, and begins at none
  bool keeps_bars_cold = false;                   // all but one of each interval
};

// One process over the market's journal and the store: engine, follower, sink and checkpoints, from
// where a start begins. Whoever destroys it kills it. For tests.
class Process {
 public:
  Process(Market& market, store::MemoryStore& store, const ProcessOptions& options = {});

  void set_durable(std::uint64_t ordinal) { durable_.store(ordinal); }
  // Rounds of all agents, a second each.
  void work(int rounds);
  // One round of the follower: what ended it, or nothing.
  std::string follow();
  // Until everything is stored, and the last snapshot written.
  void finish();

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] Sink& sink() { return sink_; }
  [[nodiscard]] store::Writer& writer() { return *writer_; }
  [[nodiscard]] const CheckpointsProgress& snapshots() const { return checkpoints_->progress(); }
  // Where it began.
  [[nodiscard]] const Restored& beginning() const { return beginning_; }

 private:
  void store_and_write();

  std::atomic<std::uint64_t> durable_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<checkpoint::ColdState> cold_;  // none: all bars stay in memory
  Restored beginning_;
  std::unique_ptr<Engine> engine_;
  Sink sink_;
  std::unique_ptr<Checkpoints> checkpoints_;
  std::unique_ptr<Follower> follower_;
  std::int64_t clock_ns_ = 0;
};

// What a start, or a proof, finds of the market's journal.
// Without a writer, of an empty store.
checkpoint::Situation situation_of(Market& market, store::Writer* writer = nullptr);

// Everything a store holds, as text.
std::string all_of(store::Writer& writer);

}  // namespace tapeline::pipeline
