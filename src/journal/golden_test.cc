// SPDX-License-Identifier: Apache-2.0
// Journals of format 1 stay readable: the bytes in tests/golden/journal are what that format is.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"

namespace tapeline::journal {
namespace {

constexpr std::uint64_t kGoldenRecords = 40;

std::string golden_bytes(const std::string& name) {
  std::ifstream file("tests/golden/journal/format_1/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(JournalGolden, format_1_is_written_as_it_was) {
  MemoryDisk disk;
  write_small_journal(disk, kGoldenRecords);
  ASSERT_GE(disk.paths().size(), 2U);
  for (const std::string& path : disk.paths()) {
    EXPECT_EQ(disk.contents(path), golden_bytes(path.substr(path.rfind('/') + 1))) << path;
  }
}

TEST(JournalGolden, format_1_is_read) {
  MemoryDisk written;
  write_small_journal(written, kGoldenRecords);
  MemoryDisk disk;
  ASSERT_TRUE(disk.create_folder(kFolder));
  for (const std::string& path : written.paths()) {
    disk.add(path, golden_bytes(path.substr(path.rfind('/') + 1)));
  }
  const ReadBack back = read_back(disk);
  EXPECT_EQ(back.error, "");
  EXPECT_FALSE(back.torn_tail);
  EXPECT_EQ(back.records, first_records(kGoldenRecords));
}

}  // namespace
}  // namespace tapeline::journal
