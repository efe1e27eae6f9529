// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_writer.h"
#include "base/result.h"
#include "base/spsc_ring.h"
#include "base/time.h"
#include "checkpoint/cold_state.h"
#include "checkpoint/snapshots.h"
#include "journal/disk.h"
#include "pipeline/engine.h"
#include "pipeline/sink.h"

namespace tapeline::pipeline {

struct CheckpointsOptions {
  std::string folder{};  // of the snapshots
  Duration every = std::chrono::seconds(30);
  std::size_t keep = 3;
  std::uint64_t begins_at = 0;            // the first record that the engine ever read
  checkpoint::ColdState* cold = nullptr;  // of the engine, if it has one; outlives the snapshots
};

// What is kept, for other threads.
struct CheckpointsProgress {
  std::atomic<std::uint64_t> written{0};      // by this process
  std::atomic<std::uint64_t> needed_from{0};  // the oldest that is kept needs the journal from here
  // Of the newest; 0 while there is none.
  std::atomic<std::uint64_t> replay_from{0};
  std::atomic<std::int64_t> engine_time_ns{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint32_t> failures{0};  // one after the other
};

// Snapshots of an engine while it runs. One is taken on the engine's thread at a tick, where a
// batch ends, which costs its encoding; it is written on another thread once the store has come to
// that tick, so that every snapshot on disk is one that a restart can begin at. One at a time.
class Checkpoints {
 public:
  // The disk and the progress of the engine's sink outlive it.
  Checkpoints(CheckpointsOptions options, journal::Disk& disk, const SinkProgress& stored);

  // Before the rest: shows in progress() what the folder holds.
  void show(const std::vector<checkpoint::Snapshot>& snapshots, JournalId journal);

  // The engine's side. Never due while one waits or is written.
  [[nodiscard]] bool is_due(std::int64_t monotonic_ns);
  // When the engine has just closed a batch, at a tick, and none waits.
  void take(Engine& engine, std::int64_t monotonic_ns);
  // Whether every snapshot that was taken is written, or has failed.
  [[nodiscard]] bool is_idle() const {
    return done_.load(std::memory_order_acquire) == taken_.load(std::memory_order_acquire);
  }

  // The writer's side: whether it wrote one. An Error, after which the stream goes on and the next
  // one is due in its time: that one was not written.
  [[nodiscard]] Result<bool> do_work();

  [[nodiscard]] const CheckpointsProgress& progress() const { return progress_; }

 private:
  struct Taken {
    checkpoint::SnapshotHeader header;
    ByteWriter state;
    Result<void> cold;  // whether its older state was copied
  };

  [[nodiscard]] Result<void> write(const Taken& taken);

  CheckpointsOptions options_;
  journal::Disk& disk_;
  const SinkProgress& stored_;
  SpscRing<std::unique_ptr<Taken>> waiting_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> done_{0};
  std::optional<std::int64_t> next_ns_;  // the engine's side
  CheckpointsProgress progress_;
};

}  // namespace tapeline::pipeline
