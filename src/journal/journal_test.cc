// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "journal/check.h"
#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/segment_reader.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

TEST(Journal, gives_back_what_was_appended_over_several_segments) {
  MemoryDisk disk;
  const auto written = write_small_journal(disk, 60);
  EXPECT_GT(disk.paths().size(), 3U) << "segments";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{64}, std::size_t{1} << 20}) {
    const auto back = read_back(disk, 0, chunk);
    EXPECT_EQ(back.error, "");
    EXPECT_EQ(back.records, written) << chunk;
    EXPECT_FALSE(back.torn_tail);
  }
}

TEST(Journal, is_read_from_any_position_on) {
  MemoryDisk disk;
  const auto written = write_small_journal(disk, 40);
  for (std::uint64_t from = 0; from <= written.size(); ++from) {
    const auto back = read_back(disk, from);
    EXPECT_EQ(back.records,
              std::vector<Kept>(written.begin() + static_cast<std::ptrdiff_t>(from), written.end()))
        << from;
  }
  EXPECT_TRUE(read_back(disk, 1'000).records.empty()) << "behind the end is the end";
}

TEST(Journal, goes_on_where_it_ended) {
  MemoryDisk disk;
  write_small_journal(disk, 25);
  auto writer = open_or_die(disk);
  EXPECT_FALSE(writer->torn_tail());
  EXPECT_EQ(writer->next_ordinal(), 25U);
  EXPECT_EQ(writer->durable_ordinal(), 25U);
  EXPECT_EQ(writer->next_connection(), 3U);
  EXPECT_EQ(writer->next_line(), 24U) << "the highest line was 23";
  EXPECT_EQ(writer->journal(), small_options().new_journal);
  for (std::uint64_t n = 25; n < 50; ++n) append_or_die(*writer, nth_record(n));
  close_or_die(*writer);
  EXPECT_EQ(read_back(disk).records, first_records(50));
}

TEST(Journal, keeps_its_numbers_when_the_last_segment_is_empty) {
  MemoryDisk disk;
  auto options = small_options();
  {
    auto writer = open_or_die(disk, options);
    for (std::uint64_t n = 0; n < 3; ++n) append_or_die(*writer, nth_record(n));
    close_or_die(*writer);
  }
  options.segment_bytes = 64;  // each batch in a segment of its own
  for (std::uint64_t n = 3; n < 8; ++n) {
    auto writer = open_or_die(disk, options);
    EXPECT_EQ(writer->next_ordinal(), n);
    EXPECT_EQ(writer->next_connection(), 3U);
    EXPECT_EQ(writer->next_line(), n == 5 ? 4U : n) << n;
    append_or_die(*writer, nth_record(n));
    close_or_die(*writer);
  }
  EXPECT_EQ(read_back(disk).records, first_records(8));
}

TEST(Journal, a_record_is_durable_when_the_policy_says_so) {
  MemoryDisk disk;
  auto writer = open_or_die(disk, small_options(SyncPolicy::kBatch));
  append_or_die(*writer, nth_record(0));
  ASSERT_TRUE(writer->commit(1'000));
  EXPECT_EQ(writer->durable_ordinal(), 0U);
  ASSERT_TRUE(writer->commit(50'000'999));
  EXPECT_EQ(writer->durable_ordinal(), 0U);
  ASSERT_TRUE(writer->commit(50'001'000));
  EXPECT_EQ(writer->durable_ordinal(), 1U) << "50 ms after it was written";

  auto always = small_options();
  MemoryDisk other;
  auto second = open_or_die(other, always);
  append_or_die(*second, nth_record(0));
  EXPECT_EQ(second->durable_ordinal(), 0U);
  ASSERT_TRUE(second->commit(0));
  EXPECT_EQ(second->durable_ordinal(), 1U);

  MemoryDisk third_disk;
  auto third = open_or_die(third_disk, small_options(SyncPolicy::kOs));
  append_or_die(*third, nth_record(0));
  ASSERT_TRUE(third->commit(INT64_MAX));
  EXPECT_EQ(third->durable_ordinal(), 0U);
  ASSERT_TRUE(third->sync());
  EXPECT_EQ(third->durable_ordinal(), 1U);
}

TEST(Journal, a_record_larger_than_a_batch_is_taken_and_one_beyond_the_limit_refused) {
  MemoryDisk disk;
  auto writer = open_or_die(disk);
  Kept large = nth_record(1);
  large.bytes.assign(10'000, 'x');
  append_or_die(*writer, large);
  append_or_die(*writer, nth_record(2));
  std::string too_large(kBytesMax + 1, 'x');
  Record record;
  record.bytes = too_large;
  const auto refused = writer->append(record);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kCaller);
  close_or_die(*writer);
  EXPECT_EQ(read_back(disk).records, std::vector({large, nth_record(2)}));
}

TEST(Journal, a_second_writer_is_refused) {
  MemoryDisk disk;
  const auto first = open_or_die(disk);
  const auto second = Writer::open(disk, kFolder, small_options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text, "data/journal/lock: another process is writing here");
}

TEST(Journal, a_full_disk_refuses_and_goes_on_when_there_is_room_again) {
  for (std::uint64_t full_at = 0; full_at < 40; ++full_at) {
    MemoryDisk disk;
    auto writer = open_or_die(disk);
    disk.set_faults({.full_at = full_at});
    std::uint64_t taken = 0;
    bool was_refused = false;
    while (taken < 30 && !was_refused) {
      const auto position = writer->append(record_of(nth_record(taken)));
      taken += position ? 1U : 0U;
      auto done =
          position ? writer->commit(0) : Result<void>(tl::make_unexpected(position.error()));
      was_refused = !done;
      if (was_refused) {
        EXPECT_EQ(done.error().retry, Retry::kAfterBackoff);
        EXPECT_NE(done.error().text.find("No space left on device"), std::string::npos);
      }
    }
    disk.set_faults({});
    for (; taken < 30; ++taken) append_or_die(*writer, nth_record(taken));
    close_or_die(*writer);
    const ReadBack back = read_back(disk);
    EXPECT_EQ(back.error, "") << full_at;
    EXPECT_TRUE(back.records == first_records(30)) << full_at;
  }
}

TEST(Journal, a_failed_sync_is_final) {
  MemoryDisk disk;
  auto writer = open_or_die(disk);
  append_or_die(*writer, nth_record(0));
  disk.set_faults({.sync_fails_at = 0});
  const auto failed = writer->commit(0);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().retry, Retry::kNever);
  disk.set_faults({});
  EXPECT_EQ(writer->commit(0).error().text, failed.error().text);
  EXPECT_EQ(writer->append(record_of(nth_record(1))).error().text, failed.error().text);
  EXPECT_EQ(writer->close().error().text, failed.error().text);
  EXPECT_EQ(writer->durable_ordinal(), 0U);
}

TEST(Journal, names_what_is_wrong_with_its_folder) {
  MemoryDisk disk;
  EXPECT_EQ(read_back(disk).error,
            "data/journal: there is no journal; tapeline journal import makes one from recordings");
  ASSERT_TRUE(disk.create_folder(kFolder));
  EXPECT_EQ(read_back(disk).error,
            "data/journal: the journal is empty; tapeline journal import fills it from recordings");
  write_small_journal(disk, 60);
  const auto paths = disk.paths();
  ASSERT_GT(paths.size(), 3U);

  const std::string whole = disk.contents(paths[1]);
  ASSERT_TRUE(disk.remove(paths[1]));
  EXPECT_EQ(read_back(disk).error,
            paths[1] + ": is missing, and " + paths[2] + " follows it; bring it back from a copy");
  disk.add(paths[1], whole.substr(0, whole.size() - 1));
  EXPECT_NE(read_back(disk).error.find(paths[1] + ": is damaged: it has "), std::string::npos);
  disk.add(paths[1], whole);
  EXPECT_EQ(read_back(disk).error, "");

  const std::string first = disk.contents(paths[0]);
  ASSERT_TRUE(disk.remove(paths[0]));
  EXPECT_NE(read_back(disk).error.find("is missing"), std::string::npos) << "the first one too";

  MemoryDisk other;
  auto options = small_options();
  options.new_journal = JournalId(7);
  auto writer = open_or_die(other, options);
  for (const Kept& kept : first_records(60)) append_or_die(*writer, kept);
  close_or_die(*writer);
  disk.add(paths[0], other.contents(paths[0]));
  EXPECT_EQ(read_back(disk).error, paths[1] + ": is from another journal than " + paths[0] +
                                       "; move it out of data/journal");
  disk.add(paths[0], "something else");
  EXPECT_EQ(read_back(disk).error, paths[0] + ": is no journal segment");
  std::string newer = first;
  newer[0] = 2;
  disk.add(paths[0], newer);
  EXPECT_EQ(
      read_back(disk).error,
      paths[0] + ": has journal format 2, but this Tapeline reads up to 1; use a newer Tapeline");
  EXPECT_FALSE(Writer::open(disk, kFolder, small_options())) << "nor is it written to";
}

TEST(Check, names_every_damaged_place_and_reads_on_behind_it) {
  MemoryDisk disk;
  write_small_journal(disk, 60);
  const auto paths = disk.paths();
  const auto look = [&] { return *check(disk, kFolder, [](std::uint64_t) { return true; }); };
  EXPECT_EQ(look().records, 60U);
  EXPECT_TRUE(look().damage.empty());
  disk.contents(paths[0])[kSegmentHeaderBytes + kMarkBytes + 9] ^= 1;
  disk.contents(paths[2])[disk.contents(paths[2]).size() - 1] ^= 1;
  const auto report = look();
  ASSERT_EQ(report.damage.size(), 2U);
  EXPECT_EQ(report.damage[0].path, paths[0]);
  EXPECT_EQ(report.damage[0].offset, kSegmentHeaderBytes + kMarkBytes);
  EXPECT_EQ(report.damage[0].first_ordinal, 0U);
  EXPECT_EQ(report.damage[0].records, 1U) << "each commit begins with a mark";
  EXPECT_EQ(report.damage[1].path, paths[2]);
  EXPECT_EQ(report.records + *report.damage[0].records + *report.damage[1].records, 60U);
  EXPECT_NE(read_back(disk).error.find("is damaged at byte 112 (record 0)"), std::string::npos);
}

TEST(Check, stopped_early_counts_what_it_has_read) {
  MemoryDisk disk;
  auto options = small_options(SyncPolicy::kOs);
  options.segment_bytes = 1 << 20;
  auto writer = open_or_die(disk, options);
  Kept kept;
  for (std::uint64_t n = 0; n < 9000; ++n) append_or_die(*writer, kept);
  close_or_die(*writer);
  std::uint64_t seen = 0;
  const auto report = check(disk, kFolder, [&](std::uint64_t bytes) {
    seen = bytes;
    return false;
  });
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_EQ(report->records, 8192U);
  EXPECT_EQ(report->segments, 0U) << "none was read to its end";
  EXPECT_EQ(report->bytes, seen);
  EXPECT_LT(report->bytes, disk.contents(disk.paths()[0]).size());
}

TEST(Journal, what_is_written_while_it_is_read_is_no_damage) {
  MemoryDisk disk;
  auto writer = open_or_die(disk);
  append_or_die(*writer, nth_record(1));
  ASSERT_TRUE(writer->sync());
  const auto segments = find_segments(disk, kFolder);
  ASSERT_TRUE(segments);
  // Listed in the middle of a write: the last record is cut, for this reader alone.
  Segment listed = segments->back();
  append_or_die(*writer, nth_record(2));
  ASSERT_TRUE(writer->sync());
  listed.bytes = disk.contents(listed.path).size() - 3;
  append_or_die(*writer, nth_record(3));
  ASSERT_TRUE(writer->sync());
  auto reader = SegmentReader::open(disk, listed, 64);
  ASSERT_TRUE(reader);
  Record record;
  EXPECT_EQ(reader->next(record), SegmentStatus::kRecord);
  EXPECT_EQ(reader->next(record), SegmentStatus::kBroken);
  EXPECT_EQ(is_torn(*reader), true);
}

TEST(Journal, a_failed_sync_of_a_new_segment_is_final_too) {
  for (std::uint64_t step = 0; step < 40; ++step) {
    MemoryDisk disk;
    auto writer = open_or_die(disk);
    disk.set_faults({.sync_fails_at = step});
    std::optional<Error> failed;
    for (std::uint64_t n = 0; n < 60 && !failed; ++n) {
      const auto position = writer->append(record_of(nth_record(n)));
      const auto done = writer->commit(static_cast<std::int64_t>(n));
      if (!position) failed = position.error();
      if (!failed && !done) failed = done.error();
    }
    ASSERT_TRUE(failed) << step;
    EXPECT_EQ(failed->retry, Retry::kNever);
    disk.set_faults({});
    EXPECT_FALSE(writer->append(record_of(nth_record(0)))) << step;
    EXPECT_FALSE(writer->sync()) << step;
    EXPECT_FALSE(writer->close()) << step;
  }
}

}  // namespace
}  // namespace tapeline::journal
