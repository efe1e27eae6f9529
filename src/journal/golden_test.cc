// SPDX-License-Identifier: Apache-2.0
// Journals of format 1 stay readable: the bytes in tests/golden/journal are what that format is.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kGoldenRecords = 40;

std::string golden_bytes(const std::string& name) {
  std::ifstream file("tests/golden/journal/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(JournalGolden, format_1_is_written_as_it_was) {
  MemoryDisk disk;
  write_small_journal(disk, kGoldenRecords);
  ASSERT_GE(disk.paths().size(), 2U);
  for (const std::string& path : disk.paths()) {
    EXPECT_EQ(disk.contents(path), golden_bytes("format_1" + path.substr(path.rfind('/')))) << path;
  }
}

TEST(JournalGolden, format_1_is_read) {
  MemoryDisk written;
  write_small_journal(written, kGoldenRecords);
  MemoryDisk disk;
  ASSERT_TRUE(disk.create_folder(kFolder));
  for (const std::string& path : written.paths()) {
    disk.add(path, golden_bytes("format_1" + path.substr(path.rfind('/'))));
  }
  const ReadBack back = read_back(disk);
  EXPECT_EQ(back.error, "");
  EXPECT_FALSE(back.torn_tail);
  EXPECT_EQ(back.records, first_records(kGoldenRecords));
}

// Made of the others by zstd's own program and an encoder in another language.
TEST(JournalGolden, sealed_1_is_read) {
  MemoryDisk disk;
  write_small_journal(disk, kGoldenRecords);
  const std::vector<std::string> paths = disk.paths();
  for (std::size_t i = 0; i + 1 < paths.size(); ++i) {
    const std::string sealed = paths[i] + std::string(kSealedEnding);
    disk.add(sealed, golden_bytes("sealed_1" + sealed.substr(sealed.rfind('/'))));
    ASSERT_TRUE(disk.remove(paths[i]));
  }
  for (std::uint64_t from = 0; from < kGoldenRecords; ++from) {
    const ReadBack back = read_back(disk, from);
    EXPECT_EQ(back.error, "");
    EXPECT_EQ(back.records.size(), kGoldenRecords - from);
  }
  EXPECT_EQ(read_back(disk).records, first_records(kGoldenRecords));
}

}  // namespace
}  // namespace tapeline::journal
