// SPDX-License-Identifier: Apache-2.0
// Power is lost at every step of a run that writes, syncs and begins segments; the journal is
// opened again and written to its end. Whatever was acknowledged must be there, in its place, and
// nothing that was never appended.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kRecords = 40;

// Appends the story from where the journal ends. `acknowledged`, how many records are durable, is
// kept up to date for when the machine stops in the middle.
void write_story(Disk& disk, std::uint64_t& acknowledged) {
  auto writer = open_or_die(disk, small_options(SyncPolicy::kBatch));
  acknowledged = std::max(acknowledged, writer->durable_ordinal());
  std::int64_t now = 0;
  while (writer->next_ordinal() < kRecords) {
    append_or_die(*writer, nth_record(writer->next_ordinal()));
    now += 20'000'000;
    TAPELINE_CHECK(writer->commit(now), "the memory disk takes it");
    acknowledged = writer->durable_ordinal();
  }
  close_or_die(*writer);
  acknowledged = writer->durable_ordinal();
}

struct Outcome {
  bool crashed = false;
  std::string mistake;  // empty: all is well
};

Outcome run_once(const DiskFaults& faults, MemoryDisk::Loss loss, std::uint64_t seed) {
  Outcome outcome;
  MemoryDisk disk(faults);
  std::uint64_t acknowledged = 0;
  try {
    write_story(disk, acknowledged);
  } catch (const Crash&) {
    outcome.crashed = true;
  }
  disk.lose_power(loss, seed);
  // A reader alone must not fall over what the crash left, and sees what was acknowledged.
  if (acknowledged > 0) {
    const ReadBack seen = read_back(disk);
    if (!seen.error.empty()) outcome.mistake = "the reader says " + seen.error;
    if (seen.records.size() < acknowledged) {
      outcome.mistake =
          fmt::format("{} of {} acknowledged records are left", seen.records.size(), acknowledged);
    }
    if (seen.records != first_records(seen.records.size())) outcome.mistake = "other records";
  }
  if (!outcome.mistake.empty()) return outcome;
  acknowledged = 0;
  write_story(disk, acknowledged);
  const ReadBack all = read_back(disk);
  if (!all.error.empty()) outcome.mistake = "after going on, the reader says " + all.error;
  if (all.records != first_records(kRecords)) outcome.mistake = "after going on, other records";
  return outcome;
}

// Runs once for each step that can be the last, until one run gets through; returns their number.
std::uint64_t crash_everywhere(CrashKind kind, MemoryDisk::Loss loss, std::uint64_t seed) {
  for (std::uint64_t step = 0;; ++step) {
    const Outcome outcome = run_once({.crash_at = step, .kind = kind}, loss, seed + step);
    EXPECT_EQ(outcome.mistake, "") << "step " << step << ", seed " << seed + step;
    if (!outcome.crashed || !outcome.mistake.empty()) return step;
  }
}

TEST(JournalCrash, at_every_step_keeps_what_was_acknowledged) {
  std::uint64_t crashes = 0;
  for (const auto kind : {CrashKind::kBefore, CrashKind::kAfter}) {
    crashes += crash_everywhere(kind, MemoryDisk::Loss::kAll, 0);
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      crashes += crash_everywhere(kind, MemoryDisk::Loss::kSome, seed * 1'000);
    }
  }
  std::uint64_t acknowledged = 0;
  MemoryDisk whole;
  write_story(whole, acknowledged);
  fmt::print("journal crash suite: {} steps in a run, {} crashes\n", whole.steps(), crashes);
  EXPECT_EQ(crashes, whole.steps() * 14) << "every step of the run was the last once in each way";
}

TEST(JournalCrash, while_recovering_from_a_crash_loses_nothing_either) {
  for (std::uint64_t first = 0; first < 60; first += 3) {
    for (std::uint64_t second = 0;; ++second) {
      MemoryDisk disk({.crash_at = first});
      std::uint64_t acknowledged = 0;
      bool crashed_again = false;
      try {
        write_story(disk, acknowledged);
      } catch (const Crash&) {
      }
      disk.lose_power(MemoryDisk::Loss::kSome, first);
      disk.set_faults({.crash_at = second, .kind = CrashKind::kAfter});
      try {
        write_story(disk, acknowledged);
      } catch (const Crash&) {
        crashed_again = true;
      }
      disk.lose_power(MemoryDisk::Loss::kSome, second);
      if (acknowledged > 0) {
        ASSERT_GE(read_back(disk).records.size(), acknowledged) << first << " then " << second;
      }
      write_story(disk, acknowledged);
      ASSERT_EQ(read_back(disk).records, first_records(kRecords)) << first << " then " << second;
      if (!crashed_again) break;
    }
  }
}

// The alarm itself: a disk that does not do what sync() promises must be noticed.
TEST(JournalCrash, canary_a_dropped_sync_is_caught) {
  bool caught = false;
  for (std::uint64_t step = 0; step < 60 && !caught; ++step) {
    caught = !run_once({.crash_at = step, .drops_syncs = true}, MemoryDisk::Loss::kAll, 0)
                  .mistake.empty();
  }
  EXPECT_TRUE(caught);
}

}  // namespace
}  // namespace tapeline::journal
