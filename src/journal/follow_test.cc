// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/reader.h"
#include "journal/writer.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kFollowed = 40;

// Everything that can be had by now.
void follow(Reader& reader, std::vector<Kept>& seen) {
  Record record;
  do {
    while (reader.next(record).value()) seen.push_back(kept_of(record));
  } while (reader.look_again().value());
}

TEST(Follow, sees_what_a_writer_adds_through_rotation_and_sealing) {
  MemoryDisk disk;
  auto writer = open_or_die(disk);
  auto reader = Reader::open(disk, kFolder, 0, 64);
  ASSERT_TRUE(reader);
  std::vector<Kept> seen;
  for (std::uint64_t n = 0; n < kFollowed; ++n) {
    append_or_die(*writer, nth_record(n));
    ASSERT_TRUE(writer->commit(0));
    if (n % 3 == 0) seal_or_die(disk);
    if (n % 5 == 0) continue;  // falls behind a little
    follow(**reader, seen);
    EXPECT_EQ(seen.size(), n + 1);
  }
  close_or_die(*writer);
  follow(**reader, seen);
  EXPECT_EQ(seen, first_records(kFollowed));
}

TEST(Follow, goes_on_where_a_torn_tail_was_and_the_next_writer_has_been) {
  MemoryDisk disk;
  {
    auto writer = open_or_die(disk);
    append_or_die(*writer, nth_record(0));
    ASSERT_TRUE(writer->commit(0));
  }
  const std::string path = disk.paths().back();
  disk.contents(path) += std::string(30, '\x7F');
  auto reader = Reader::open(disk, kFolder, 0, 64);
  Record record;
  ASSERT_TRUE((*reader)->next(record).value());
  ASSERT_FALSE((*reader)->next(record).value());
  EXPECT_TRUE((*reader)->torn_tail());
  {
    auto writer = open_or_die(disk);
    append_or_die(*writer, nth_record(1));
    close_or_die(*writer);
  }
  ASSERT_TRUE((*reader)->look_again().value());
  ASSERT_TRUE((*reader)->next(record).value());
  EXPECT_EQ(kept_of(record), nth_record(1));
  EXPECT_FALSE((*reader)->next(record).value());
  EXPECT_FALSE((*reader)->torn_tail());
}

TEST(Follow, waits_at_a_torn_tail_that_nobody_has_cut_off) {
  MemoryDisk disk;
  write_small_journal(disk, 3);
  disk.contents(disk.paths().back()) += std::string(30, '\x7F');
  auto reader = Reader::open(disk, kFolder, 3, 64);
  Record record;
  ASSERT_FALSE((*reader)->next(record).value());
  EXPECT_TRUE((*reader)->torn_tail());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE((*reader)->look_again().value());
  EXPECT_TRUE((*reader)->torn_tail());
}

TEST(Follow, goes_on_when_what_it_read_is_cut_off_and_written_again) {
  for (std::uint64_t full_at = 0; full_at < 8; ++full_at) {
    MemoryDisk disk;
    WriterOptions options = small_options(SyncPolicy::kBatch);
    options.batch_bytes = 1'000;  // a failed write leaves whole records of it
    options.segment_bytes = 1'600;
    auto writer = open_or_die(disk, options);
    auto reader = Reader::open(disk, kFolder, 0, 64);
    std::vector<Kept> seen;
    std::uint64_t failures = 0;
    for (std::uint64_t n = 0; n < kFollowed; ++n) {
      disk.set_faults(n % 10 < 5 ? DiskFaults{} : DiskFaults{.full_at = full_at % 2});
      if (!writer->append(record_of(nth_record(n)))) {
        ++failures;
        follow(**reader, seen);
        disk.set_faults({});
        append_or_die(*writer, nth_record(n));
      }
      if (n % (full_at + 2) == 0 && !writer->commit(0)) {
        ++failures;
        follow(**reader, seen);
      }
    }
    disk.set_faults({});
    close_or_die(*writer);
    follow(**reader, seen);
    EXPECT_EQ(seen, first_records(kFollowed)) << full_at;
    EXPECT_GT(failures, 0U) << full_at;
  }
}

TEST(Follow, goes_on_when_another_writer_has_put_others_in_the_place_of_what_it_read) {
  MemoryDisk disk;
  WriterOptions options = small_options(SyncPolicy::kBatch);
  options.batch_bytes = 2'000;
  options.segment_bytes = 100'000;
  auto writer = open_or_die(disk, options);
  for (std::uint64_t n = 0; n < 3; ++n) append_or_die(*writer, nth_record(n));
  ASSERT_TRUE(writer->sync());
  const std::string path = disk.paths().back();
  const std::string durable = disk.contents(path);
  for (std::uint64_t n = 3; n < 9; ++n) append_or_die(*writer, nth_record(n));
  ASSERT_TRUE(writer->commit(0));
  auto reader = Reader::open(disk, kFolder, 0, 64);
  std::vector<Kept> seen;
  follow(**reader, seen);
  ASSERT_EQ(seen, first_records(9));

  writer.reset();
  disk.contents(path) = durable;  // a crash: nobody has been told of the others
  auto next = open_or_die(disk, options);
  for (std::uint64_t n = 30; n < 50; ++n) append_or_die(*next, nth_record(n));
  close_or_die(*next);
  follow(**reader, seen);
  EXPECT_EQ(seen.size(), 23U) << "the ordinals behind those that it has read";
  EXPECT_EQ(seen.back(), nth_record(49));
}

}  // namespace
}  // namespace tapeline::journal
