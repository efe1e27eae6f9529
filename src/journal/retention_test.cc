// SPDX-License-Identifier: Apache-2.0
#include "journal/retention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "journal/check.h"
#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kWritten = 60;

std::vector<std::uint64_t> starts(MemoryDisk& disk) {
  std::vector<std::uint64_t> out;
  const auto segments = list_segments(disk, kFolder);
  TAPELINE_CHECK(segments, segments.error().text.c_str());
  for (const Segment& segment : *segments) out.push_back(segment.header.first_ordinal);
  return out;
}

std::uint64_t bytes_of(MemoryDisk& disk) {
  std::uint64_t bytes = 0;
  for (const std::string& path : disk.paths()) bytes += disk.contents(path).size();
  return bytes;
}

RetainReport retain_or_die(MemoryDisk& disk, const RetainOptions& options) {
  const auto report = retain(disk, kFolder, options);
  TAPELINE_CHECK(report, report.error().text.c_str());
  return *report;
}

// What can be read is the story from its first record on.
void expect_story_from(MemoryDisk& disk, std::uint64_t first, std::uint64_t end) {
  auto reader = Reader::open(disk, kFolder);
  ASSERT_TRUE(reader) << reader.error().text;
  Record record;
  std::uint64_t n = first;
  for (; (*reader)->next(record).value(); ++n) {
    ASSERT_EQ(record.position.ordinal, n);
    ASSERT_EQ(kept_of(record), nth_record(n));
  }
  EXPECT_EQ(n, end);
}

TEST(Retention, by_size_the_oldest_go_and_the_others_keep_their_positions) {
  for (const bool is_sealed : {false, true}) {
    MemoryDisk disk;
    write_begun_journal(disk, kWritten);
    if (is_sealed) seal_or_die(disk);
    const auto before = starts(disk);
    ASSERT_GT(before.size(), 4U);
    const std::uint64_t bytes = bytes_of(disk);
    const auto report =
        retain_or_die(disk, {.keep_from = kWritten, .older_than = {}, .bytes_max = bytes / 2});
    EXPECT_LE(report.kept_bytes, bytes / 2);
    EXPECT_EQ(report.kept_bytes + report.bytes, bytes);
    EXPECT_EQ(report.kept_bytes, bytes_of(disk));
    const auto after = starts(disk);
    EXPECT_EQ(after, std::vector(before.begin() + static_cast<std::ptrdiff_t>(report.segments),
                                 before.end()));
    expect_story_from(disk, after.front(), kWritten);
    const auto checked = check(disk, kFolder, go_on);
    ASSERT_TRUE(checked);
    EXPECT_TRUE(checked->damage.empty()) << checked->damage[0].what;
    EXPECT_EQ(read_back(disk, after.front()).records.size(), kWritten - after.front());
    EXPECT_EQ(read_back(disk, after.front() - 1).error,
              "data/journal: record " + std::to_string(after.front() - 1) +
                  " was removed by retention; the journal begins with record " +
                  std::to_string(after.front()));
  }
}

TEST(Retention, nothing_that_somebody_needs_goes) {
  for (std::uint64_t needed = 0; needed <= kWritten; ++needed) {
    MemoryDisk disk;
    write_begun_journal(disk, kWritten);
    retain_or_die(disk, {.keep_from = needed, .older_than = {}, .bytes_max = 0});
    const auto after = starts(disk);
    EXPECT_LE(after.front(), needed);
    EXPECT_GT(after.size() > 1 ? after[1] : UINT64_MAX, needed) << "all others went";
    expect_story_from(disk, after.front(), kWritten);
  }
}

TEST(Retention, the_last_segment_stays_and_is_written_on) {
  MemoryDisk disk;
  write_begun_journal(disk, kWritten);
  retain_or_die(disk, {.keep_from = UINT64_MAX, .older_than = {}, .bytes_max = 0});
  const auto after = starts(disk);
  ASSERT_EQ(after.size(), 1U);
  auto writer = open_or_die(disk);
  EXPECT_EQ(writer->next_ordinal(), kWritten);
  for (std::uint64_t n = kWritten; n < 2 * kWritten; ++n) append_or_die(*writer, nth_record(n));
  close_or_die(*writer);
  expect_story_from(disk, after.front(), 2 * kWritten);
  seal_or_die(disk);
  expect_story_from(disk, after.front(), 2 * kWritten);
}

TEST(Retention, by_age_a_segment_goes_when_its_last_record_is_old) {
  for (const bool is_sealed : {false, true}) {
    MemoryDisk disk;
    write_begun_journal(disk, kWritten);
    if (is_sealed) seal_or_die(disk);
    const auto before = starts(disk);
    const auto received = [](std::uint64_t n) { return RecvTime(nth_record(n).ts_recv); };
    // Of the second segment, the last record is not old enough.
    retain_or_die(disk, {.keep_from = UINT64_MAX, .older_than = received(before[2] - 1)});
    EXPECT_EQ(starts(disk).front(), before[1]);
    retain_or_die(disk, {.keep_from = UINT64_MAX, .older_than = received(before[2] + 1)});
    EXPECT_EQ(starts(disk).front(), before[2]);
    retain_or_die(disk, {.keep_from = UINT64_MAX});
    EXPECT_EQ(starts(disk).front(), before[2]) << "nothing says that more should go";
  }
}

TEST(Retention, a_segment_that_is_lost_afterwards_is_missed) {
  MemoryDisk disk;
  write_begun_journal(disk, kWritten);
  retain_or_die(disk, {.keep_from = 30, .older_than = {}, .bytes_max = 0});
  const auto after = starts(disk);
  ASSERT_GT(after.size(), 2U);
  const std::string first = kFolder + ("/" + segment_name(after.front()));
  ASSERT_TRUE(disk.remove(first));
  const auto listed = list_segments(disk, kFolder);
  ASSERT_FALSE(listed);
  EXPECT_TRUE(listed.error().text.starts_with(first + ": is missing")) << listed.error().text;
  const auto checked = check(disk, kFolder, go_on);
  ASSERT_EQ(checked->damage.size(), 1U);
  EXPECT_EQ(checked->damage[0].first_ordinal, after[0]);
  EXPECT_EQ(checked->damage[0].records, after[1] - after[0]);
}

TEST(Retention, one_that_a_crash_left_over_or_somebody_brought_back_does_not_count) {
  MemoryDisk disk;
  write_begun_journal(disk, kWritten);
  MemoryDisk old;
  old.copy_files(disk);
  retain_or_die(disk, {.keep_from = 30, .older_than = {}, .bytes_max = 0});
  const auto after = starts(disk);
  const auto paths = disk.paths();
  for (const std::string& path : old.paths()) {
    if (path.ends_with(kSegmentEnding)) disk.add(path, old.contents(path));
  }
  EXPECT_EQ(starts(disk), after);
  expect_story_from(disk, after.front(), kWritten);
  retain_or_die(disk, {});
  EXPECT_EQ(disk.paths(), paths);
}

TEST(Retention, at_every_crash_the_journal_lacks_nothing_that_was_to_stay) {
  std::uint64_t steps = 0;
  for (const auto kind : {CrashKind::kBefore, CrashKind::kAfter}) {
    for (std::uint64_t step = 0;; ++step) {
      MemoryDisk disk;
      write_begun_journal(disk, kWritten);
      seal_or_die(disk);
      retain_or_die(disk, {.keep_from = 15, .older_than = {}, .bytes_max = 0});
      ASSERT_TRUE(disk.sync_folder(kFolder));
      disk.set_faults({.crash_at = step, .kind = kind});
      bool crashed = false;
      try {
        retain_or_die(disk, {.keep_from = 40, .older_than = {}, .bytes_max = 0});
      } catch (const Crash&) {
        crashed = true;
        ++steps;
      }
      disk.lose_power(MemoryDisk::Loss::kSome, step);
      const auto found = starts(disk);
      ASSERT_LE(found.front(), 40U) << step;
      expect_story_from(disk, found.front(), kWritten);
      retain_or_die(disk, {.keep_from = 40, .older_than = {}, .bytes_max = 0});
      const auto after = starts(disk);
      ASSERT_GT(after[1], 40U) << step;
      expect_story_from(disk, after.front(), kWritten);
      const auto names = disk.paths();
      EXPECT_EQ(std::count_if(names.begin(), names.end(),
                              [](const auto& path) { return path.ends_with(kBeginningEnding); }),
                1);
      if (!crashed) break;
    }
  }
  EXPECT_GT(steps, 8U);
}

// Names may reach a real disk in another order than they were changed in.
class StrictDisk final : public MemoryDisk {
 public:
  [[nodiscard]] Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    is_synced_ = false;
    return MemoryDisk::create(path);
  }
  [[nodiscard]] Result<void> sync_folder(const std::string& folder) override {
    is_synced_ = true;
    return MemoryDisk::sync_folder(folder);
  }
  [[nodiscard]] Result<void> remove(const std::string& path) override {
    EXPECT_TRUE(is_synced_) << path;
    ++removed;
    return MemoryDisk::remove(path);
  }

  int removed = 0;

 private:
  bool is_synced_ = true;
};

TEST(Retention, nothing_is_removed_before_the_new_beginning_is_durable) {
  StrictDisk disk;
  write_begun_journal(disk, kWritten);
  retain_or_die(disk, {.keep_from = 40, .older_than = {}, .bytes_max = 0});
  EXPECT_GT(disk.removed, 2);
}

TEST(Retention, a_follower_goes_on_while_what_it_has_read_is_removed) {
  MemoryDisk disk;
  auto writer = open_begun_or_die(disk);
  auto reader = Reader::open(disk, kFolder, 0, 64);
  std::uint64_t seen = 0;
  Record record;
  for (std::uint64_t n = 0; n < kWritten; ++n) {
    append_begun_or_die(*writer, n);
    ASSERT_TRUE(writer->commit(0));
    do {
      while ((*reader)->next(record).value()) EXPECT_EQ(kept_of(record), nth_record(seen++));
    } while ((*reader)->look_again().value());
    EXPECT_EQ(seen, n + 1);
    retain_or_die(disk, {.keep_from = seen, .older_than = {}, .bytes_max = 0});
  }
  EXPECT_GT(starts(disk).front(), 0U);
}

TEST(Retention, not_beside_a_sealer) {
  MemoryDisk disk;
  write_begun_journal(disk, kWritten);
  const auto lock = lock_sealing(disk, kFolder);
  EXPECT_FALSE(retain(disk, kFolder, {}));
}

// Segments that begin at these records; those at multiples of kRecordTypes begin with an epoch.
void write_segments_at(MemoryDisk& disk, const std::vector<std::uint64_t>& beginnings,
                       std::uint64_t end) {
  auto writer = open_begun_or_die(disk);
  for (std::uint64_t n = 0; n < end; ++n) {
    if (std::find(beginnings.begin(), beginnings.end(), n) != beginnings.end()) {
      ASSERT_TRUE(writer->next_segment());
    }
    append_or_die(*writer, nth_record(n));
  }
  close_or_die(*writer);
}

TEST(Retention, the_journal_begins_only_where_what_is_in_force_is_said) {
  const std::vector<std::uint64_t> all{0, 5, 9, 22, 30, 33, 40};
  for (const bool is_sealed : {false, true}) {
    const auto kept_after = [&](const RetainOptions& options) {
      MemoryDisk disk;
      write_segments_at(disk, all, kWritten);
      if (is_sealed) seal_or_die(disk);
      EXPECT_EQ(starts(disk), all);
      retain_or_die(disk, options);
      const auto after = starts(disk);
      expect_story_from(disk, after.front(), kWritten);
      const auto checked = check(disk, kFolder, go_on);
      EXPECT_TRUE(checked && checked->damage.empty());
      return after.front();
    };
    EXPECT_EQ(kept_after({.keep_from = UINT64_MAX, .older_than = {}, .bytes_max = 0}), 33U)
        << "the last segment is none to begin with";
    EXPECT_EQ(kept_after({.keep_from = 32, .older_than = {}, .bytes_max = 0}), 22U);
    EXPECT_EQ(kept_after({.keep_from = 21, .older_than = {}, .bytes_max = 0}), 0U);
    // By age all that go together must be old.
    const auto received = [](std::uint64_t n) { return RecvTime(nth_record(n).ts_recv); };
    EXPECT_EQ(kept_after({.keep_from = UINT64_MAX, .older_than = received(15)}), 0U);
    EXPECT_EQ(kept_after({.keep_from = UINT64_MAX, .older_than = received(23)}), 22U);
  }
}

TEST(Retention, by_size_what_must_go_together_goes_together) {
  MemoryDisk disk;
  write_segments_at(disk, {0, 5, 9, 22, 30}, kWritten);
  const std::uint64_t bytes = bytes_of(disk);
  const auto report =
      retain_or_die(disk, {.keep_from = UINT64_MAX, .older_than = {}, .bytes_max = bytes - 1});
  EXPECT_EQ(report.segments, 3U);
  EXPECT_EQ(report.kept_bytes, bytes_of(disk));
  EXPECT_EQ(starts(disk), (std::vector<std::uint64_t>{22, 30}));
}

TEST(Retention, a_damaged_segment_is_none_to_begin_with) {
  MemoryDisk disk;
  write_begun_journal(disk, kWritten);
  disk.contents(kFolder + ("/" + segment_name(22)))[kSegmentHeaderBytes + kMarkBytes + 4] ^= 1;
  retain_or_die(disk, {.keep_from = 22, .older_than = {}, .bytes_max = 0});
  EXPECT_EQ(starts(disk).front(), 11U);
}

TEST(Retention, check_names_a_beginning_that_does_not_say_what_is_in_force) {
  MemoryDisk disk;
  write_segments_at(disk, {0, 5, 22}, kWritten);
  disk.add(kFolder + ("/" + beginning_name(5)), "");
  auto report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report) << report.error().text;
  ASSERT_EQ(report->damage.size(), 1U);
  EXPECT_EQ(report->damage[0].path, kFolder + ("/" + segment_name(5)));
  EXPECT_TRUE(report->damage[0].costs_no_records);
  EXPECT_EQ(report->records, kWritten - 5);
  disk.add(kFolder + ("/" + beginning_name(22)), "");
  report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_TRUE(report->damage.empty());
}

TEST(Writer, begins_another_segment_when_it_is_told_to) {
  MemoryDisk disk;
  WriterOptions options = small_options();
  options.segment_bytes = 1'000'000;
  auto writer = open_or_die(disk, options);
  ASSERT_TRUE(writer->next_segment());
  EXPECT_EQ(starts(disk), (std::vector<std::uint64_t>{0})) << "nothing was appended";
  EXPECT_EQ(writer->segment_bytes(), kSegmentHeaderBytes);
  for (std::uint64_t n = 0; n < 10; ++n) {
    append_or_die(*writer, nth_record(n));
    if (n % 4 != 3) continue;
    ASSERT_TRUE(writer->next_segment());
  }
  EXPECT_EQ(writer->durable_ordinal(), 8U);
  close_or_die(*writer);
  EXPECT_EQ(starts(disk), (std::vector<std::uint64_t>{0, 4, 8}));
  expect_story_from(disk, 0, 10);
}

}  // namespace
}  // namespace tapeline::journal
