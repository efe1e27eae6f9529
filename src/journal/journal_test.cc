// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
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
  EXPECT_EQ(second.error().text, "data/journal/lock: another process " + std::string(kIsWriting));
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
        const std::string path = done.error().text.substr(0, done.error().text.find(": "));
        EXPECT_TRUE(path.ends_with(kUnfinished) || disk.paths().back() == path) << path;
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
  EXPECT_EQ(read_back(disk).error,
            paths[0] +
                ": is damaged: it does not begin as a segment does; bring it back from a "
                "copy");
  std::string newer = first;
  newer[0] = 2;
  newer[30] ^= 1;  // its header says other things, with another checksum
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
  const auto look = [&] {
    return *check(disk, kFolder, [](std::uint64_t, std::uint64_t) { return true; });
  };
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
  EXPECT_TRUE(report.damage[1].what.starts_with(paths[2] + ": bytes "));
  EXPECT_EQ(report.records + *report.damage[0].records + *report.damage[1].records, 60U);
  EXPECT_NE(read_back(disk).error.find("is damaged at byte 112 (record 0)"), std::string::npos);
}

// A journal of 60 records in segments, to be broken and looked at.
class BrokenJournal : public testing::Test {
 protected:
  BrokenJournal() {
    write_small_journal(disk_, 60);
    paths_ = disk_.paths();
  }

  [[nodiscard]] std::uint64_t first_of(std::size_t segment) const {
    return std::stoull(paths_[segment].substr(std::string_view(kFolder).size() + 1));
  }
  CheckReport look() {
    return *check(disk_, kFolder, [](std::uint64_t, std::uint64_t) { return true; });
  }
  // The one thing that is wrong: in that segment, with the loss of all its records.
  void expect_lost(std::size_t segment) {
    const CheckReport report = look();
    const std::uint64_t lost = first_of(segment + 1) - first_of(segment);
    ASSERT_EQ(report.damage.size(), 1U);
    EXPECT_EQ(report.damage[0].path, paths_[segment]);
    EXPECT_TRUE(report.damage[0].what.starts_with(paths_[segment] + ": "));
    EXPECT_EQ(report.damage[0].first_ordinal, first_of(segment));
    EXPECT_EQ(report.damage[0].records, lost);
    EXPECT_EQ(report.records, 60 - lost) << "the other segments were read";
  }

  MemoryDisk disk_;
  std::vector<std::string> paths_;
};

TEST_F(BrokenJournal, a_missing_segment_is_damage) {
  ASSERT_TRUE(disk_.remove(paths_[1]));
  expect_lost(1);
}

TEST_F(BrokenJournal, the_first_segment_missing_is_damage) {
  ASSERT_TRUE(disk_.remove(paths_[0]));
  expect_lost(0);
}

TEST_F(BrokenJournal, a_damaged_header_is_damage) {
  disk_.contents(paths_[1])[30] ^= 1;
  expect_lost(1);
}

TEST_F(BrokenJournal, an_empty_segment_is_damage) {
  disk_.contents(paths_[1]).clear();
  expect_lost(1);
}

TEST_F(BrokenJournal, a_cut_segment_is_damage_and_said_once) {
  disk_.contents(paths_[1]).resize(kSegmentHeaderBytes);
  expect_lost(1);
}

TEST_F(BrokenJournal, a_segment_with_more_than_was_written_loses_nothing) {
  disk_.contents(paths_[1]) += "x";
  const CheckReport report = look();
  ASSERT_EQ(report.damage.size(), 1U);
  EXPECT_EQ(report.damage[0].records, 0U);
  EXPECT_EQ(report.records, 60U);
}

TEST_F(BrokenJournal, a_segment_of_another_journal_is_named_and_left_out) {
  MemoryDisk other;
  auto options = small_options();
  options.new_journal = JournalId(7);
  auto writer = open_or_die(other, options);
  close_or_die(*writer);
  const std::string path = std::string(kFolder) + "/00000000000000009999.journal";
  disk_.add(path, other.contents(other.paths()[0]));
  const CheckReport report = look();
  ASSERT_EQ(report.damage.size(), 1U);
  EXPECT_EQ(report.damage[0].path, path);
  EXPECT_TRUE(report.damage[0].costs_no_records);
  EXPECT_EQ(report.records, 60U);
}

TEST_F(BrokenJournal, a_last_mark_that_is_gone_is_no_damage_but_told) {
  EXPECT_TRUE(look().closed);
  std::string& last = disk_.contents(paths_.back());
  last.resize(last.size() - kMarkBytes);
  const CheckReport report = look();
  EXPECT_TRUE(report.damage.empty());
  EXPECT_EQ(report.records, 60U);
  EXPECT_FALSE(report.closed);
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
  const auto report = check(disk, kFolder, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, disk.contents(disk.paths()[0]).size());
    seen = done;
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
  EXPECT_EQ(judge_broken_place(*reader), BrokenPlace::kTorn);
}

TEST(Journal, a_tail_that_a_writer_cuts_off_while_it_is_read_is_no_damage) {
  MemoryDisk disk;
  auto writer = open_or_die(disk);
  append_or_die(*writer, nth_record(1));
  close_or_die(*writer);
  const std::string path = disk.paths()[0];
  disk.contents(path) += std::string(3'000, 'x');
  auto reader = Reader::open(disk, kFolder, 0, 8'192);
  ASSERT_TRUE(reader) << reader.error().text;
  Record record;
  ASSERT_TRUE(*(*reader)->next(record)) << "and the torn bytes are in the reader's buffer";
  writer = open_or_die(disk);
  for (std::uint64_t n = 2; n < 8; ++n) {
    append_or_die(*writer, nth_record(n));
    ASSERT_TRUE(writer->sync());
  }
  std::uint64_t more = 0;
  for (;;) {
    const auto next = (*reader)->next(record);
    ASSERT_TRUE(next) << next.error().text;
    if (!*next) break;
    EXPECT_EQ(kept_of(record), nth_record(2 + more++));
  }
  EXPECT_GT(more, 0U) << "it goes on where the writer went on";
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

TEST(Journal, what_a_failed_sync_left_is_durable_only_when_it_was_written_again) {
  MemoryDisk disk;
  {
    auto writer = open_or_die(disk);
    append_or_die(*writer, nth_record(0));
    ASSERT_TRUE(writer->commit(0));
    disk.set_faults({.sync_fails_at = 0});
    append_or_die(*writer, nth_record(1));
    EXPECT_FALSE(writer->commit(0));
    disk.set_faults({});
  }
  auto writer = open_or_die(disk);
  ASSERT_EQ(writer->durable_ordinal(), 2U) << "the record was still to be read";
  writer.reset();
  disk.lose_power(MemoryDisk::Loss::kAll, 0);
  EXPECT_EQ(read_back(disk).records, first_records(2));
}

TEST(Journal, says_of_two_segments_of_one_place_which_to_move_away) {
  MemoryDisk disk;
  write_small_journal(disk, 30);
  const std::string twin = std::string(kFolder) + "/" + segment_name(1);
  disk.add(twin, disk.contents(disk.paths().front()));
  EXPECT_EQ(read_back(disk).error, twin + ": holds the records from 0 on, and so does " +
                                       segment_name(0) + "; move it out of " + kFolder);
}

TEST(Journal, version_that_is_damaged_is_not_a_newer_format) {
  MemoryDisk disk;
  write_small_journal(disk, 30);
  const std::string path = disk.paths()[1];
  disk.contents(path)[0] ^= 0x40;
  EXPECT_NE(read_back(disk).error.find(path + ": is damaged"), std::string::npos)
      << read_back(disk).error;
}

TEST(Journal, check_names_a_missing_segment_whose_successor_is_missing_too) {
  MemoryDisk disk;
  write_small_journal(disk, 40);
  const auto paths = disk.paths();
  ASSERT_GT(paths.size(), 4U);
  ASSERT_TRUE(disk.remove(paths[1]));
  ASSERT_TRUE(disk.remove(paths[2]));
  const auto report = check(disk, kFolder, [](std::uint64_t, std::uint64_t) { return true; });
  ASSERT_TRUE(report);
  ASSERT_EQ(report->damage.size(), 2U);
  EXPECT_TRUE(report->damage[0].what.starts_with(paths[1] + ": is missing, or " + paths[0]))
      << report->damage[0].what;
  EXPECT_TRUE(report->damage[1].what.starts_with(paths[2] + ": is missing"));
  EXPECT_EQ(report->records + *report->damage[0].records + *report->damage[1].records, 40U);
}

}  // namespace
}  // namespace tapeline::journal
