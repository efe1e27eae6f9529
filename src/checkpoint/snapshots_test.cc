// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/snapshots.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "journal/memory_disk.h"

namespace tapeline::checkpoint {
namespace {

using journal::MemoryDisk;

constexpr const char* kSnapshots = "data/snapshots";
constexpr JournalId kJournal{0x1122334455667788};

constexpr RecvTime kReceived{0x3837363534333231};  // "12345678" in a file

SnapshotHeader header_at(std::uint64_t ordinal, JournalId journal = kJournal) {
  return {.tick = {{journal, ordinal}, kReceived},
          .engine_time = EngineTime(1'618'677'820'123'456'789),
          .begins_at = ordinal / 2};
}

void write_or_die(MemoryDisk& disk, std::uint64_t ordinal, const std::string& state,
                  JournalId journal = kJournal) {
  const std::array<std::string_view, 2> parts{std::string_view(state).substr(0, state.size() / 2),
                                              std::string_view(state).substr(state.size() / 2)};
  const auto done = write_snapshot(disk, kSnapshots, header_at(ordinal, journal), parts);
  ASSERT_TRUE(done.has_value()) << done.error().text;
}

std::vector<Snapshot> list_or_die(MemoryDisk& disk) {
  auto snapshots = list_snapshots(disk, kSnapshots);
  EXPECT_TRUE(snapshots.has_value()) << snapshots.error().text;
  return snapshots.value_or(std::vector<Snapshot>());
}

std::vector<std::uint64_t> ordinals(MemoryDisk& disk) {
  std::vector<std::uint64_t> out;
  for (const Snapshot& snapshot : list_or_die(disk)) out.push_back(snapshot.ordinal);
  return out;
}

std::string path_of(std::uint64_t ordinal) {
  return std::string(kSnapshots) + "/" + snapshot_name(ordinal);
}

TEST(Snapshots, a_folder_that_is_not_there_has_none) {
  MemoryDisk disk;
  EXPECT_TRUE(list_or_die(disk).empty());
  EXPECT_TRUE(remove_unfinished(disk, kSnapshots).has_value());
  EXPECT_EQ(needed_from({}, kJournal), std::nullopt);
}

TEST(Snapshots, gives_back_what_was_written) {
  MemoryDisk disk;
  write_or_die(disk, 4096, "the state");
  const auto snapshots = list_or_die(disk);
  ASSERT_EQ(snapshots.size(), 1U);
  EXPECT_EQ(snapshots[0].path, "data/snapshots/00000000000000004096.snapshot");
  ASSERT_TRUE(snapshots[0].header.has_value());
  EXPECT_EQ(snapshots[0].header->tick, (RecordMark{{kJournal, 4096}, kReceived}));
  EXPECT_EQ(snapshots[0].header->engine_time, EngineTime(1'618'677'820'123'456'789));
  EXPECT_EQ(read_state(disk, snapshots[0]).value(), "the state");
}

TEST(Snapshots, an_empty_state_is_one) {
  MemoryDisk disk;
  write_or_die(disk, 9, "");
  EXPECT_EQ(read_state(disk, list_or_die(disk).at(0)).value(), "");
}

// docs/formats/snapshot.md, byte by byte.
TEST(Snapshots, the_format_is_the_one_that_is_written_down) {
  MemoryDisk disk;
  write_or_die(disk, 0x0102, "abc");
  const std::string& bytes = disk.contents(path_of(0x0102));
  ASSERT_EQ(bytes.size(), 64U + 3);
  std::string expected = std::string("\x02TAPESNP") + "\x88\x77\x66\x55\x44\x33\x22\x11";
  expected += std::string("\x02\x01\0\0\0\0\0\0", 8);
  expected += "12345678";
  const std::uint64_t time = 1'618'677'820'123'456'789U;
  for (int i = 0; i < 8; ++i) expected += static_cast<char>(time >> (8 * i));
  expected += std::string("\x81\0\0\0\0\0\0\0", 8);
  expected += std::string("\x03\0\0\0\0\0\0\0", 8);
  expected += std::string("\xB7\x3F\x4B\x36", 4);  // CRC-32C of "abc"
  EXPECT_EQ(bytes.substr(0, 60), expected);
  Crc32c crc;
  crc.add(std::string_view(bytes).substr(0, 60));
  std::string crc_bytes;
  for (int i = 0; i < 4; ++i) crc_bytes += static_cast<char>(crc.value() >> (8 * i));
  EXPECT_EQ(bytes.substr(60, 4), crc_bytes);
  EXPECT_EQ(bytes.substr(64), "abc");
}

TEST(Snapshots, other_files_are_none) {
  MemoryDisk disk;
  write_or_die(disk, 5, "x");
  for (const char* name : {"notes.txt", "5.snapshot", "0000000000000000000x.snapshot",
                           "00000000000000000006.snapshot.unfinished"}) {
    disk.add(std::string(kSnapshots) + "/" + name, "anything");
  }
  EXPECT_EQ(ordinals(disk), std::vector<std::uint64_t>{5});
}

TEST(Snapshots, any_byte_that_is_damaged_is_noticed) {
  MemoryDisk disk;
  write_or_die(disk, 77, "some state of an engine");
  const std::string fine = disk.contents(path_of(77));
  for (std::size_t i = 0; i < fine.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string& bytes = disk.contents(path_of(77));
      bytes = fine;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      const Snapshot snapshot = list_or_die(disk).at(0);
      const auto state = snapshot.header ? read_state(disk, snapshot)
                                         : tl::make_unexpected(snapshot.header.error());
      ASSERT_FALSE(state.has_value()) << i;
      EXPECT_NE(state.error().text.find(path_of(77) + ": is damaged"), std::string::npos)
          << state.error().text;
    }
  }
}

TEST(Snapshots, any_other_length_is_noticed) {
  MemoryDisk disk;
  write_or_die(disk, 77, "some state of an engine");
  const std::string fine = disk.contents(path_of(77));
  for (std::size_t size = 0; size < fine.size() + 3; ++size) {
    if (size == fine.size()) continue;
    std::string& bytes = disk.contents(path_of(77));
    bytes = fine;
    bytes.resize(size, 'x');
    EXPECT_FALSE(list_or_die(disk).at(0).header.has_value()) << size;
  }
}

TEST(Snapshots, one_under_a_wrong_name_is_not_taken_for_another) {
  MemoryDisk disk;
  write_or_die(disk, 77, "x");
  disk.add(path_of(78), disk.contents(path_of(77)));
  const auto snapshots = list_or_die(disk);
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_TRUE(snapshots[0].header.has_value());
  ASSERT_FALSE(snapshots[1].header.has_value());
  EXPECT_NE(snapshots[1].header.error().text.find("at record 77 under a wrong name"),
            std::string::npos);
}

void set_version(std::string& bytes, char version) {
  bytes[0] = version;
  Crc32c crc;
  crc.add(std::string_view(bytes).substr(0, 60));
  for (std::size_t i = 0; i < 4; ++i) bytes[60 + i] = static_cast<char>(crc.value() >> (8 * i));
}

TEST(Snapshots, an_older_format_is_of_no_use) {
  MemoryDisk disk;
  write_or_die(disk, 77, "x");
  set_version(disk.contents(path_of(77)), 1);
  const auto snapshots = list_or_die(disk);
  ASSERT_EQ(snapshots.size(), 1U);
  ASSERT_FALSE(snapshots[0].header.has_value());
  EXPECT_EQ(snapshots[0].header.error().text,
            path_of(77) + ": has snapshot format 1, which this Tapeline no longer reads");
}

TEST(Snapshots, a_newer_format_is_refused_with_the_way_out) {
  MemoryDisk disk;
  write_or_die(disk, 77, "x");
  set_version(disk.contents(path_of(77)), 3);
  const auto refused = list_snapshots(disk, kSnapshots);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, Fault::kCaller);
  EXPECT_EQ(refused.error().text, path_of(77) +
                                      ": has snapshot format 3, but this Tapeline reads up to 2; "
                                      "use a newer Tapeline, or move the file away to start from "
                                      "an older snapshot or from the journal");
}

TEST(Snapshots, only_the_newest_are_kept) {
  MemoryDisk disk;
  for (const std::uint64_t ordinal : {9U, 10U, 200U, 1000U}) write_or_die(disk, ordinal, "x");
  write_or_die(disk, 500, "x", JournalId(1));  // whose it is, nobody here knows
  disk.contents(path_of(200)) = "damaged";     // a place in the row all the same
  EXPECT_EQ(needed_from(list_or_die(disk), kJournal), 9U);
  ASSERT_TRUE(keep_newest(disk, kSnapshots, kJournal, 2).has_value());
  EXPECT_EQ(ordinals(disk), (std::vector<std::uint64_t>{200, 500, 1000}));
  EXPECT_EQ(needed_from(list_or_die(disk), kJournal), 200U);
  ASSERT_TRUE(keep_newest(disk, kSnapshots, kJournal, 1).has_value());
  EXPECT_EQ(ordinals(disk), (std::vector<std::uint64_t>{500, 1000}));
  EXPECT_EQ(needed_from(list_or_die(disk), JournalId(1)), 500U);
}

TEST(Snapshots, of_an_engine_that_has_read_nothing_the_record_may_be_gone) {
  MemoryDisk disk;
  write_or_die(disk, 9, "");
  EXPECT_EQ(needed_from(list_or_die(disk), kJournal), 10U);
}

TEST(Snapshots, a_full_disk_changes_nothing_and_can_be_tried_again) {
  MemoryDisk disk;
  write_or_die(disk, 10, "the older one");
  for (std::uint64_t step = 0; step < 3; ++step) {
    disk.set_faults({.full_at = step});
    const std::array<std::string_view, 2> parts{"much ", "more"};
    const auto full = write_snapshot(disk, kSnapshots, header_at(20), parts);
    disk.set_faults({});
    ASSERT_FALSE(full.has_value());
    EXPECT_EQ(full.error().retry, Retry::kAfterBackoff);
    EXPECT_EQ(disk.paths(), std::vector<std::string>{path_of(10)}) << "no room is taken";
  }
  write_or_die(disk, 20, "more");
  EXPECT_EQ(ordinals(disk), (std::vector<std::uint64_t>{10, 20}));
}

}  // namespace
}  // namespace tapeline::checkpoint
