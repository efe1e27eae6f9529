// SPDX-License-Identifier: Apache-2.0
// Each byte of a small journal is flipped, alone: readers must say so, or lose nothing that was
// durable.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kIntact = 30;  // records

TEST(JournalDamage, of_any_single_byte_is_noticed) {
  MemoryDisk disk;
  write_small_journal(disk, kIntact);
  std::uint64_t flips = 0;
  for (const std::string& path : disk.paths()) {
    const std::size_t size = disk.contents(path).size();
    const bool is_last = path == disk.paths().back();
    for (std::size_t i = 0; i < 2 * size; ++i) {
      const std::size_t byte = i / 2;
      const std::string where = path + " byte " + std::to_string(byte);
      MemoryDisk hurt;
      hurt.copy_files(disk);
      char& flipped = hurt.contents(path)[byte];
      flipped = static_cast<char>(flipped ^ (i % 2 == 0 ? 0x01 : 0x80));
      const ReadBack back = read_back(hurt);
      EXPECT_EQ(back.records, first_records(back.records.size())) << where;
      const auto writer = Writer::open(hurt, kFolder, small_options());
      ++flips;
      if (is_last && byte >= size - kMarkBytes) {
        // The mark of the last close: nothing is behind it that could tell damage from a tear.
        EXPECT_EQ(back.error, "") << where;
        EXPECT_EQ(back.records.size(), kIntact) << where;
        ASSERT_TRUE(back.torn_tail) << where;
        EXPECT_EQ(back.torn_tail->bytes, kMarkBytes) << where;
        ASSERT_TRUE(writer) << where;
        EXPECT_EQ(read_back(hurt).records.size(), kIntact) << where;
        continue;
      }
      EXPECT_NE(back.error.find(path), std::string::npos) << where << ": " << back.error;
      EXPECT_LT(back.records.size(), kIntact) << where;
      EXPECT_FALSE(writer && is_last) << where << ": would cut off what was durable";
    }
  }
  EXPECT_GT(flips, 4'000U);
}

// Three records in a journal that a crash left; gives the path of its segment.
std::string write_unclosed(MemoryDisk& disk) {
  auto writer = open_or_die(disk, small_options());
  for (const Kept& kept : first_records(3)) append_or_die(*writer, kept);
  EXPECT_TRUE(writer->commit(0));
  return disk.paths().back();
}

TEST(JournalDamage, at_the_end_of_a_journal_that_was_never_closed_is_a_torn_tail) {
  MemoryDisk disk;
  const std::string path = write_unclosed(disk);
  std::string& contents = disk.contents(path);
  const std::string whole = contents;
  for (std::size_t cut = kSegmentHeaderBytes; cut < whole.size(); ++cut) {
    contents = whole.substr(0, cut);
    const ReadBack back = read_back(disk);
    EXPECT_EQ(back.error, "") << cut;
    EXPECT_LT(back.records.size(), 3U) << cut;
    EXPECT_EQ(back.records, first_records(back.records.size())) << cut;
  }
  contents = whole + std::string(100, '\0');
  ASSERT_TRUE(read_back(disk).torn_tail);
  EXPECT_EQ(read_back(disk).records, first_records(3)) << "zeros, as some file systems leave them";
  auto writer = open_or_die(disk);
  ASSERT_TRUE(writer->torn_tail());
  EXPECT_EQ(writer->torn_tail()->bytes, 100U);
  EXPECT_EQ(writer->torn_tail()->path, path);
}

// Who has the rows that were made of it may need what stands in the tail.
TEST(JournalDamage, a_journal_that_is_refused_stays_as_it_is) {
  MemoryDisk disk;
  const std::string path = write_unclosed(disk);
  disk.contents(path) += std::string(100, '\0');
  disk.add(path + std::string(kUnfinished), "left over");
  const std::vector<std::string> paths = disk.paths();
  const std::string before = disk.contents(path);
  std::uint64_t end = 0;
  WriterOptions options = small_options();
  options.accepts = [&](JournalId /*journal*/, std::uint64_t end_ordinal) -> Result<void> {
    end = end_ordinal;
    return fail(Fault::kCaller, "not this one");
  };
  const auto refused = Writer::open(disk, kFolder, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "not this one");
  EXPECT_EQ(end, 3U);
  EXPECT_EQ(disk.paths(), paths);
  EXPECT_EQ(disk.contents(path), before);
}

TEST(JournalDamage, is_told_from_a_torn_tail_by_the_marks_that_are_not_stale) {
  MemoryDisk disk;
  {
    auto writer = open_or_die(disk);
    for (const Kept& kept : first_records(3)) append_or_die(*writer, kept);
    ASSERT_TRUE(writer->commit(0));
  }
  const std::string whole = disk.contents(disk.paths().back());
  const auto read_behind = [&](const std::vector<std::uint64_t>& next_ordinals) {
    std::string& contents = disk.contents(disk.paths().back());
    contents = whole + "broken";
    for (const std::uint64_t next : next_ordinals) {
      const std::size_t at = contents.size();
      contents.resize(at + kMarkBytes);
      encode_mark({at, next, at}, small_options().new_journal.value(), contents.data() + at);
    }
    return read_back(disk);
  };
  EXPECT_NE(read_behind({3}).error, "") << "this place had been synced";
  EXPECT_TRUE(read_behind({2}).torn_tail) << "left of an older file";
  EXPECT_NE(read_behind({2, 3}).error, "") << "a stale mark hides no good one";
}

}  // namespace
}  // namespace tapeline::journal
