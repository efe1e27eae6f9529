// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "journal/check.h"
#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/reader.h"
#include "journal/sealed_format.h"
#include "journal/sealer.h"
#include "journal/writer.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kSmallJournal = 40;

std::string unseal(const std::string& bytes) {
  std::string out(1 << 20, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  EXPECT_FALSE(ZSTD_isError(size)) << ZSTD_getErrorName(size);
  out.resize(ZSTD_isError(size) ? 0 : size);
  return out;
}

TEST(Sealed, journal_gives_the_same_records_from_anywhere) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, kSmallJournal);
  const std::size_t segments = disk.paths().size();
  const SealReport report = seal_or_die(disk);
  EXPECT_EQ(report.segments, segments - 1);
  EXPECT_LT(report.disk_bytes, report.plain_bytes);
  EXPECT_EQ(sealed_paths(disk).size(), segments - 1);
  EXPECT_EQ(disk.paths().size(), segments) << "nothing is left beside them";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{64}, std::size_t{1} << 20}) {
    for (std::uint64_t from = 0; from <= kSmallJournal; ++from) {
      const ReadBack back = read_back(disk, from, chunk);
      EXPECT_EQ(back.error, "") << from;
      EXPECT_EQ(back.records,
                std::vector(all.begin() + static_cast<std::ptrdiff_t>(from), all.end()))
          << from << " by " << chunk;
    }
  }
  EXPECT_EQ(seal_or_die(disk).segments, 0U) << "there is nothing more to seal";
}

TEST(Sealed, segment_is_the_segment_again_after_zstd) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  std::map<std::string, std::string> plain;
  for (const std::string& path : disk.paths()) plain[path + ".zst"] = disk.contents(path);
  seal_or_die(disk);
  for (const std::string& path : sealed_paths(disk)) {
    EXPECT_EQ(unseal(disk.contents(path)), plain.at(path)) << path;
  }
}

TEST(Sealed, record_is_read_without_the_blocks_before_it) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, kSmallJournal);
  const std::uint64_t lines = Reader::open(disk, kFolder, 8).value()->lines_before();
  seal_or_die(disk);
  const std::string first = sealed_paths(disk).front();
  disk.contents(first)[kSealedHeadBytes + 8] = '!';  // inside the first block
  EXPECT_NE(read_back(disk).error.find(first), std::string::npos);
  const ReadBack back = read_back(disk, 8);
  EXPECT_EQ(back.error, "");
  EXPECT_EQ(back.records, std::vector(all.begin() + 8, all.end()));
  EXPECT_EQ(Reader::open(disk, kFolder, 8).value()->lines_before(), lines);
}

TEST(Sealed, journal_is_written_on) {
  MemoryDisk disk;
  for (std::uint64_t n = 0; n < kSmallJournal; ++n) {
    auto writer = open_or_die(disk);
    append_or_die(*writer, nth_record(n));
    ASSERT_TRUE(writer->commit(0));
    seal_or_die(disk);  // while the writer has it open
    close_or_die(*writer);
  }
  EXPECT_FALSE(sealed_paths(disk).empty());
  EXPECT_EQ(read_back(disk).records, first_records(kSmallJournal));
}

TEST(Sealed, journal_whose_unsealed_end_was_taken_away_says_so_and_the_way_out) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  seal_or_die(disk);
  const std::string gone = disk.paths().back();
  ASSERT_TRUE(disk.remove(gone));
  const std::string last = sealed_paths(disk).back();
  const std::string sentence = gone + ": is missing, though " + last +
                               " was sealed before it; bring it back from a copy, or go on "
                               "without it: zstd -d --rm " +
                               last;
  EXPECT_EQ(read_back(disk).error, sentence);
  const auto refused = Writer::open(disk, kFolder, small_options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, sentence);
  const auto report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report) << report.error().text;
  ASSERT_EQ(report->damage.size(), 1U);
  EXPECT_EQ(report->damage.front().what, sentence);
  EXPECT_EQ(report->damage.front().first_ordinal, report->records);

  disk.add(last.substr(0, last.size() - kSealedEnding.size()), unseal(disk.contents(last)));
  ASSERT_TRUE(disk.remove(last));
  auto writer = open_or_die(disk);
  EXPECT_EQ(writer->next_ordinal(), report->records);
  append_or_die(*writer, nth_record(report->records));
  close_or_die(*writer);
  EXPECT_EQ(read_back(disk).records, first_records(report->records + 1));
}

TEST(Sealed, segment_that_came_back_from_a_copy_counts_and_is_sealed_anew) {
  for (const bool is_index : {true, false}) {
    MemoryDisk disk;
    const auto all = write_small_journal(disk, kSmallJournal);
    MemoryDisk copy;
    copy.copy_files(disk);
    seal_or_die(disk);
    const std::string sealed = sealed_paths(disk)[1];
    const std::string plain = sealed.substr(0, sealed.size() - kSealedEnding.size());
    std::string& contents = disk.contents(sealed);
    contents[is_index ? contents.size() - 6 : kSealedHeadBytes + 8] ^= 1;
    ASSERT_NE(read_back(disk).error, "");
    disk.add(plain, copy.contents(plain));
    EXPECT_EQ(read_back(disk).records, all);
    EXPECT_EQ(seal_or_die(disk).segments, 1U);
    EXPECT_EQ(read_back(disk).records, all);
    EXPECT_EQ(sealed_paths(disk).size() + 1, disk.paths().size()) << "nothing is there twice";
  }
}

TEST(Sealed, segment_stands_in_for_a_plain_one_that_is_damaged) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, kSmallJournal);
  seal_or_die(disk);
  const std::string sealed = sealed_paths(disk)[1];
  disk.add(sealed.substr(0, sealed.size() - kSealedEnding.size()), "garbage");
  EXPECT_EQ(read_back(disk).records, all);
}

TEST(Sealed, segment_counts_until_the_plain_one_is_back_to_its_end) {
  for (const bool is_last : {false, true}) {
    MemoryDisk disk;
    const auto all = write_small_journal(disk, kSmallJournal);
    MemoryDisk copy;
    copy.copy_files(disk);
    seal_or_die(disk);
    if (is_last) {
      ASSERT_TRUE(disk.remove(disk.paths().back()));
    }
    const std::string sealed = is_last ? sealed_paths(disk).back() : sealed_paths(disk)[1];
    const std::string plain = sealed.substr(0, sealed.size() - kSealedEnding.size());
    const std::string& whole = copy.contents(plain);
    disk.add(plain, whole.substr(0, whole.size() / 2));  // zstd -d ended half-way
    const ReadBack back = read_back(disk);
    if (is_last) {
      EXPECT_NE(back.error.find(": is missing, though "), std::string::npos) << back.error;
      EXPECT_FALSE(Writer::open(disk, kFolder, small_options())) << "it cuts nothing off";
    } else {
      EXPECT_EQ(back.records, all);
    }
    EXPECT_EQ(disk.contents(plain).size(), whole.size() / 2);
  }
}

// At one of its listings the folder changes while it is listed, as others may change it.
class ChangesWhileListed final : public MemoryDisk {
 public:
  int listings_left = 0;
  std::function<void()> change{};

  [[nodiscard]] Result<std::vector<FileEntry>> list(const std::string& folder) override {
    auto entries = MemoryDisk::list(folder);
    if (listings_left == 0 || --listings_left > 0) return entries;
    change();
    // What is new may be seen beside the old sizes of what was seen before.
    const auto changed = MemoryDisk::list(folder);
    for (const FileEntry& entry : changed.value()) {
      const bool is_old = std::any_of(entries->begin(), entries->end(),
                                      [&](const FileEntry& e) { return e.name == entry.name; });
      if (!is_old) entries->push_back(entry);
    }
    return entries;
  }
};

TEST(Sealed, segment_is_found_when_it_is_sealed_between_two_looks) {
  for (int listing = 1; listing <= 3; ++listing) {
    ChangesWhileListed disk;
    const auto all = write_small_journal(disk, kSmallJournal);
    disk.change = [&] { seal_or_die(disk); };
    disk.listings_left = listing;
    EXPECT_EQ(read_back(disk).records, all) << listing;
    EXPECT_EQ(sealed_paths(disk).empty(), listing == 3) << "the reader lists twice, if all is well";
  }
  ChangesWhileListed disk;
  write_small_journal(disk, kSmallJournal);
  disk.change = [&] { seal_or_die(disk); };
  disk.listings_left = 2;
  auto writer = open_or_die(disk);
  EXPECT_FALSE(sealed_paths(disk).empty());
  append_or_die(*writer, nth_record(kSmallJournal));
  close_or_die(*writer);
  EXPECT_EQ(read_back(disk).records, first_records(kSmallJournal + 1));
}

TEST(Sealed, segment_that_was_written_on_between_two_looks_is_not_damaged) {
  ChangesWhileListed disk;
  auto writer = open_or_die(disk);
  std::uint64_t written = 0;
  const auto write_on = [&] {
    for (int n = 0; n < 20; ++n) {  // through a rotation
      append_or_die(*writer, nth_record(written++));
      EXPECT_TRUE(writer->commit(0));
    }
  };
  write_on();
  disk.change = write_on;
  disk.listings_left = 2;
  const ReadBack back = read_back(disk);
  EXPECT_EQ(back.error, "");
  EXPECT_EQ(written, 40U);
  EXPECT_GE(back.records.size(), 20U);
}

TEST(Sealed, segment_of_a_newer_format_is_refused_and_a_damaged_head_is_none) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  seal_or_die(disk);
  const std::string path = sealed_paths(disk).front();
  const std::string whole = disk.contents(path);
  for (std::size_t i = 0; i < kSealedHeadBytes; ++i) {
    disk.contents(path)[i] = static_cast<char>(whole[i] ^ 0x40);
    EXPECT_NE(read_back(disk).error.find(path + ": is damaged"), std::string::npos) << i;
    disk.contents(path) = whole;
  }
  disk.contents(path)[8] = 2;
  disk.contents(path).back() ^= 1;  // a newer format has a checksum of its own
  EXPECT_NE(read_back(disk).error.find("use a newer Tapeline"), std::string::npos);
}

TEST(Sealed, segment_without_its_sync_is_not_made) {
  for (std::uint64_t step = 0; step < 12; ++step) {
    MemoryDisk disk;
    const auto all = write_small_journal(disk, kSmallJournal);
    disk.set_faults({.sync_fails_at = step});
    EXPECT_FALSE(try_seal(disk)) << step;
    disk.lose_power(MemoryDisk::Loss::kAll, step);
    EXPECT_EQ(read_back(disk).records, all) << step;
  }
}

TEST(Sealed, byte_that_is_wrong_is_noticed_or_harmless) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, 12);
  seal_or_die(disk);
  std::uint64_t noticed = 0;
  std::uint64_t flips = 0;
  for (const std::string& path : sealed_paths(disk)) {
    for (std::size_t i = 0; i < 2 * disk.contents(path).size(); ++i) {
      MemoryDisk hurt;
      hurt.copy_files(disk);
      char& flipped = hurt.contents(path)[i / 2];
      flipped = static_cast<char>(flipped ^ (i % 2 == 0 ? 0x01 : 0x80));
      const std::string where = fmt::format("{} byte {}", path, i / 2);
      const ReadBack back = read_back(hurt);
      EXPECT_EQ(back.records, first_records(back.records.size())) << where;
      const auto report = check(hurt, kFolder, go_on);
      ++flips;
      if (back.error.empty()) {
        EXPECT_EQ(back.records, all) << where;
        continue;
      }
      ++noticed;
      EXPECT_NE(back.error.find(path), std::string::npos) << where << ": " << back.error;
      ASSERT_TRUE(report) << where << ": " << report.error().text;
      EXPECT_FALSE(report->damage.empty()) << where;
    }
  }
  EXPECT_GT(flips, 400U);
  EXPECT_GT(noticed, flips * 9 / 10);
}

TEST(Sealed, block_that_is_damaged_leaves_the_others_to_be_checked) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  seal_or_die(disk);
  disk.contents(sealed_paths(disk)[1])[kSealedHeadBytes + 8] = '!';
  const auto report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report) << report.error().text;
  ASSERT_EQ(report->damage.size(), 1U);
  const Damage& damage = report->damage.front();
  EXPECT_EQ(damage.path, sealed_paths(disk)[1]);
  ASSERT_TRUE(damage.records);
  EXPECT_EQ(report->records + *damage.records, kSmallJournal)
      << "every record is read or named as lost";
}

TEST(Sealed, damage_at_the_end_of_the_last_segment_is_no_torn_tail) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  seal_or_die(disk);
  const std::string last = sealed_paths(disk).back();
  SealedIndex index =
      read_sealed_index(**disk.open_readable(last), disk.contents(last).size()).value();
  disk.contents(last)[index.blocks.back().file_offset + 8] ^= 1;
  ASSERT_TRUE(disk.remove(disk.paths().back()));
  const auto report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_FALSE(report->torn_tail);
  EXPECT_EQ(report->damage.size(), 2U) << "the block, and what followed";
}

TEST(Sealed, segment_is_named_where_the_plain_one_beside_it_is_damaged) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, kSmallJournal);
  MemoryDisk before;
  before.copy_files(disk);
  seal_or_die(disk);
  const std::string sealed = sealed_paths(disk)[1];
  const std::string plain = sealed.substr(0, sealed.size() - kSealedEnding.size());
  disk.add(plain, before.contents(plain));
  EXPECT_EQ(read_back(disk).records, all);
  disk.contents(plain)[kSegmentHeaderBytes + 100] ^= 1;
  const std::string way_out = "its sealed copy " + sealed +
                              " stands beside it: move the damaged "
                              "file away, and that one counts";
  const ReadBack back = read_back(disk);
  EXPECT_TRUE(back.error.starts_with(plain + ": is damaged at byte")) << back.error;
  EXPECT_TRUE(back.error.ends_with("; " + way_out)) << back.error;
  const auto report = check(disk, kFolder, go_on);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->damage.size(), 1U);
  EXPECT_TRUE(report->damage[0].what.ends_with(" (" + way_out + ")")) << report->damage[0].what;
  ASSERT_TRUE(disk.remove(plain));
  EXPECT_EQ(read_back(disk).records, all) << "the way out is one";
}

TEST(Sealed, segment_that_is_damaged_is_not_made) {
  MemoryDisk disk;
  write_small_journal(disk, kSmallJournal);
  const std::string path = disk.paths()[1];
  const std::string before = disk.contents(path);
  disk.contents(path)[kSegmentHeaderBytes + 100] ^= 1;
  const auto report = try_seal(disk);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().text.find(path + ": is damaged at byte"), std::string::npos)
      << report.error().text;
  EXPECT_EQ(sealed_paths(disk).size(), 1U) << "the one before it";
  disk.contents(path) = before;
  EXPECT_EQ(read_back(disk).records, first_records(kSmallJournal));
}

TEST(Sealed, segment_is_not_made_on_a_full_disk_and_the_plain_one_stays) {
  for (std::uint64_t step = 0; step < 12; ++step) {
    MemoryDisk disk;
    write_small_journal(disk, kSmallJournal);
    disk.set_faults({.full_at = step});
    EXPECT_FALSE(try_seal(disk)) << step;
    disk.set_faults({});
    EXPECT_EQ(read_back(disk).records, first_records(kSmallJournal)) << step;
    seal_or_die(disk);
    EXPECT_EQ(read_back(disk).records, first_records(kSmallJournal)) << step;
  }
}

TEST(Sealed, journal_survives_a_crash_at_every_step_of_sealing) {
  std::uint64_t crashes = 0;
  for (const auto kind : {CrashKind::kBefore, CrashKind::kAfter}) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      for (std::uint64_t step = 0;; ++step) {
        MemoryDisk disk;
        write_small_journal(disk, kSmallJournal);
        const std::size_t segments = disk.paths().size();
        disk.set_faults({.crash_at = step, .kind = kind});
        bool crashed = false;
        try {
          seal_or_die(disk);
        } catch (const Crash&) {
          crashed = true;
          ++crashes;
        }
        disk.lose_power(seed == 0 ? MemoryDisk::Loss::kAll : MemoryDisk::Loss::kSome, seed + step);
        disk.set_faults({});
        ASSERT_EQ(read_back(disk).records, first_records(kSmallJournal)) << "step " << step;
        seal_or_die(disk);
        ASSERT_EQ(read_back(disk).records, first_records(kSmallJournal)) << "step " << step;
        ASSERT_EQ(disk.paths().size(), segments) << "step " << step;
        if (!crashed) break;
      }
    }
  }
  fmt::print("sealing crash suite: {} crashes\n", crashes);
  EXPECT_GT(crashes, 100U);
}

TEST(Sealed, segment_is_found_by_a_reader_that_knew_it_unsealed) {
  MemoryDisk disk;
  const auto all = write_small_journal(disk, kSmallJournal);
  auto reader = Reader::open(disk, kFolder, 0, 64);
  ASSERT_TRUE(reader);
  seal_or_die(disk);
  Record record;
  std::vector<Kept> seen;
  while ((*reader)->next(record).value()) seen.push_back(kept_of(record));
  EXPECT_EQ(seen, all);
}

TEST(Sealed, sealer_stops_when_it_is_told_to_and_works_alone) {
  MemoryDisk disk;
  auto writer = open_or_die(disk, {.sync = SyncPolicy::kOs, .segment_bytes = 1 << 20});
  for (std::uint64_t n = 0; n < 20'000; ++n) append_or_die(*writer, nth_record(n));
  close_or_die(*writer);
  const auto stopped = seal(disk, kFolder, {}, [](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    return false;
  });
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->is_stopped);
  EXPECT_TRUE(sealed_paths(disk).empty());
  const auto lock = disk.lock(std::string(kFolder) + "/seal.lock", kIsWriting);
  EXPECT_FALSE(try_seal(disk));
}

}  // namespace
}  // namespace tapeline::journal
