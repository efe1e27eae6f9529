// SPDX-License-Identifier: Apache-2.0
#include "pipeline/checkpoints.h"

#include <utility>

#include "base/check.h"

namespace tapeline::pipeline {

Checkpoints::Checkpoints(CheckpointsOptions options, journal::Disk& disk,
                         const SinkProgress& stored)
    : options_(std::move(options)), disk_(disk), stored_(stored), waiting_(1) {}

void Checkpoints::show(const std::vector<checkpoint::Snapshot>& snapshots, JournalId journal) {
  if (const auto from = checkpoint::needed_from(snapshots, journal)) {
    progress_.needed_from.store(*from, std::memory_order_relaxed);
  }
  for (const checkpoint::Snapshot& snapshot : snapshots) {
    if (!snapshot.header || snapshot.header->tick.position.journal != journal) continue;
    progress_.replay_from.store(snapshot.ordinal + 1, std::memory_order_relaxed);
    progress_.engine_time_ns.store(snapshot.header->engine_time.unix_ns(),
                                   std::memory_order_relaxed);
    progress_.bytes.store(checkpoint::kHeaderBytes + snapshot.header->state_bytes,
                          std::memory_order_relaxed);
  }
}

bool Checkpoints::is_due(std::int64_t monotonic_ns) {
  if (!next_ns_) next_ns_ = monotonic_ns + options_.every.count();
  return monotonic_ns >= *next_ns_ && is_idle();
}

void Checkpoints::take(Engine& engine, std::int64_t monotonic_ns) {
  auto taken = std::make_unique<Taken>();
  taken->header = {.tick = engine.last_record(),
                   .engine_time = engine.engine_time(),
                   .begins_at = options_.begins_at};
  const auto saved = engine.save(taken->state);
  TAPELINE_CHECK(saved.has_value(), "a snapshot is taken at a tick");
  if (options_.cold != nullptr) taken->cold = options_.cold->copy(taken->header.tick.position);
  next_ns_ = monotonic_ns + options_.every.count();
  taken_.fetch_add(1, std::memory_order_release);
  const Offer offer = waiting_.try_emplace([&](auto& slot) { slot = std::move(taken); });
  TAPELINE_CHECK(offer == Offer::kTaken, "one snapshot at a time");
}

Result<bool> Checkpoints::do_work() {
  auto* slot = waiting_.front();
  if (slot == nullptr) return false;
  const Taken& taken = **slot;
  const std::uint64_t committed = stored_.committed_ordinal.load(std::memory_order_acquire);
  if (committed <= taken.header.tick.position.ordinal) return false;
  const auto done = write(taken);
  slot->reset();
  waiting_.pop();
  done_.fetch_add(1, std::memory_order_release);
  if (!done) {
    progress_.failures.fetch_add(1, std::memory_order_relaxed);
    return tl::make_unexpected(done.error());
  }
  progress_.failures.store(0, std::memory_order_relaxed);
  progress_.written.fetch_add(1, std::memory_order_relaxed);
  return true;
}

Result<void> Checkpoints::write(const Taken& taken) {
  if (!taken.cold) return taken.cold;
  const JournalId journal = taken.header.tick.position.journal;
  const auto parts = taken.state.parts();
  if (auto done = checkpoint::write_snapshot(disk_, options_.folder, taken.header, parts); !done) {
    return done;
  }
  if (auto done = checkpoint::keep_newest(disk_, options_.folder, journal, options_.keep); !done) {
    return done;
  }
  const auto snapshots = checkpoint::list_snapshots(disk_, options_.folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  show(*snapshots, journal);
  if (options_.cold == nullptr) return {};
  std::vector<std::uint64_t> kept;
  for (const checkpoint::Snapshot& snapshot : *snapshots) kept.push_back(snapshot.ordinal);
  return options_.cold->keep_only(kept);
}

}  // namespace tapeline::pipeline
