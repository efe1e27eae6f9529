// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "counted_new.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/writer.h"

namespace tapeline {
namespace {

class JournalAllocations : public testing::Test {
 protected:
  JournalAllocations() { std::filesystem::remove_all(folder_); }
  ~JournalAllocations() override { std::filesystem::remove_all(folder_); }
  JournalAllocations(const JournalAllocations&) = delete;
  JournalAllocations& operator=(const JournalAllocations&) = delete;

  static constexpr int kRecords = 20'000;

  static void append(journal::Writer& writer, int records) {
    const std::string payload(300, 'x');
    journal::Record record;
    record.bytes = payload;
    for (int i = 0; i < records; ++i) {
      record.line = static_cast<std::uint64_t>(i);
      ASSERT_TRUE(writer.append(record));
      if (i % 100 == 0) {
        ASSERT_TRUE(writer.commit(i));
      }
    }
  }

  journal::PosixDisk disk_;
  // Tests run side by side, each in a process of its own.
  std::string folder_ =
      testing::TempDir() + "tapeline_journal_allocations_" + std::to_string(::getpid());
};

TEST_F(JournalAllocations, are_none_while_records_are_appended) {
  auto writer = journal::Writer::open(disk_, folder_, {});
  ASSERT_TRUE(writer);
  append(**writer, 100);
  const std::uint64_t before = allocations();
  append(**writer, kRecords);
  // One is the payload.
  EXPECT_EQ(allocations() - before, 1U);
}

TEST_F(JournalAllocations, are_none_while_records_are_read) {
  auto writer = journal::Writer::open(disk_, folder_, {});
  ASSERT_TRUE(writer);
  append(**writer, kRecords);
  ASSERT_TRUE((*writer)->close());
  auto reader = journal::Reader::open(disk_, folder_);
  ASSERT_TRUE(reader);
  journal::Record record;
  ASSERT_TRUE((*reader)->next(record));
  const std::uint64_t before = allocations();
  for (int i = 1; i < kRecords; ++i) {
    const auto more = (*reader)->next(record);
    ASSERT_TRUE(more && *more);
  }
  EXPECT_EQ(allocations() - before, 0U);
}

}  // namespace
}  // namespace tapeline
