// SPDX-License-Identifier: Apache-2.0
// Power is lost at every step of a run that writes snapshots and removes older ones. At least as
// many must be there, whole, as were acknowledged and are wanted, and none with another state.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "checkpoint/snapshots.h"
#include "journal/memory_disk.h"

namespace tapeline::checkpoint {
namespace {

using journal::Crash;
using journal::CrashKind;
using journal::DiskFaults;
using journal::MemoryDisk;

constexpr const char* kCrashFolder = "data/snapshots";
constexpr JournalId kCrashJournal{3};
constexpr std::uint64_t kCount = 5;
constexpr std::size_t kKeep = 2;

std::string state_of(std::uint64_t ordinal) {
  return std::string(700 + ordinal, static_cast<char>('a' + ordinal % 26));
}

// The n-th stands at record 100 n. `acknowledged`: how many were said to be durable.
void write_all(MemoryDisk& disk, std::uint64_t& acknowledged) {
  TAPELINE_CHECK(remove_unfinished(disk, kCrashFolder), "the memory disk takes it");
  for (std::uint64_t n = 1; n <= kCount; ++n) {
    const std::string state = state_of(100 * n);
    const std::array<std::string_view, 2> parts{std::string_view(state).substr(0, 600),
                                                std::string_view(state).substr(600)};
    TAPELINE_CHECK(
        write_snapshot(disk, kCrashFolder, {.tick = {{kCrashJournal, 100 * n}, {}}}, parts),
        "the memory disk takes it");
    acknowledged = n;
    TAPELINE_CHECK(keep_newest(disk, kCrashFolder, kCrashJournal, kKeep),
                   "the memory disk takes it");
  }
}

// What is wrong with what a crash left; empty: nothing.
std::string judge(MemoryDisk& disk, std::uint64_t acknowledged) {
  const auto snapshots = list_snapshots(disk, kCrashFolder);
  if (!snapshots) return snapshots.error().text;
  std::uint64_t whole = 0;
  std::uint64_t newest = 0;
  for (const Snapshot& snapshot : *snapshots) {
    if (!snapshot.header) return snapshot.header.error().text;
    const auto state = read_state(disk, snapshot);
    if (!state) return state.error().text;
    if (*state != state_of(snapshot.ordinal)) return "another state";
    ++whole;
    newest = snapshot.ordinal / 100;
  }
  if (newest < acknowledged) return fmt::format("{} was acknowledged", acknowledged);
  if (whole < std::min<std::uint64_t>(kKeep, acknowledged)) return fmt::format("{} left", whole);
  return {};
}

struct SnapshotOutcome {
  bool crashed = false;
  std::string mistake;
};

SnapshotOutcome write_until_crash(const DiskFaults& faults, MemoryDisk::Loss loss,
                                  std::uint64_t seed) {
  SnapshotOutcome outcome;
  MemoryDisk disk(faults);
  std::uint64_t acknowledged = 0;
  try {
    write_all(disk, acknowledged);
  } catch (const Crash&) {
    outcome.crashed = true;
  }
  disk.lose_power(loss, seed);
  outcome.mistake = judge(disk, acknowledged);
  if (!outcome.mistake.empty()) return outcome;
  write_all(disk, acknowledged);
  outcome.mistake = judge(disk, kCount);
  if (disk.paths().size() != kKeep) outcome.mistake = "something is left over";
  return outcome;
}

TEST(SnapshotsCrash, at_every_step_keeps_what_was_acknowledged) {
  std::uint64_t crashes = 0;
  for (const auto kind : {CrashKind::kBefore, CrashKind::kAfter}) {
    for (std::uint64_t seed = 0; seed < 7; ++seed) {
      const auto loss = seed == 0 ? MemoryDisk::Loss::kAll : MemoryDisk::Loss::kSome;
      for (std::uint64_t step = 0;; ++step) {
        const auto outcome =
            write_until_crash({.crash_at = step, .kind = kind}, loss, 1000 * seed + step);
        ASSERT_EQ(outcome.mistake, "") << "step " << step << ", seed " << seed;
        if (!outcome.crashed) break;
        ++crashes;
      }
    }
  }
  MemoryDisk whole;
  std::uint64_t acknowledged = 0;
  write_all(whole, acknowledged);
  EXPECT_EQ(crashes, whole.steps() * 14) << "every step of the run was the last once in each way";
}

// The alarm itself: a disk that does not do what sync() promises must be noticed.
TEST(SnapshotsCrash, canary_a_dropped_sync_is_caught) {
  bool caught = false;
  for (std::uint64_t step = 0; step < 40 && !caught; ++step) {
    caught = !write_until_crash({.crash_at = step, .drops_syncs = true}, MemoryDisk::Loss::kAll, 0)
                  .mistake.empty();
  }
  EXPECT_TRUE(caught);
}

}  // namespace
}  // namespace tapeline::checkpoint
