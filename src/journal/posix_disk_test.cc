// SPDX-License-Identifier: Apache-2.0
#include "journal/posix_disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "journal/check.h"
#include "journal/journal_fixture.h"

namespace tapeline::journal {
namespace {

namespace fs = std::filesystem;

void become(uid_t user) { TAPELINE_CHECK(::seteuid(user) == 0, "root may become anybody"); }

class PosixJournal : public testing::Test {
 protected:
  PosixJournal() {
    std::string name = (fs::temp_directory_path() / "tapeline-journal-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~PosixJournal() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string journal() const { return folder_ + "/deep/er/journal"; }
  [[nodiscard]] std::unique_ptr<Writer> open_writer() {
    auto writer = Writer::open(disk_, journal(), small_options());
    EXPECT_TRUE(writer) << writer.error().text;
    return std::move(*writer);
  }

  PosixDisk disk_;
  std::string folder_;
};

TEST_F(PosixJournal, says_how_much_room_is_left) {
  const auto free = disk_.free_bytes(folder_);
  ASSERT_TRUE(free) << free.error().text;
  const auto space = fs::space(folder_);
  EXPECT_GT(*free, 0U);
  EXPECT_LE(*free, space.capacity);
  const auto nowhere = disk_.free_bytes(folder_ + "/nowhere");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().text.find("No such file"), std::string::npos);
}

TEST_F(PosixJournal, writes_real_files_and_reads_them_back) {
  auto writer = open_writer();
  for (const Kept& kept : first_records(50)) append_or_die(*writer, kept);
  close_or_die(*writer);
  auto reader = Reader::open(disk_, journal());
  ASSERT_TRUE(reader) << reader.error().text;
  Record record;
  std::vector<Kept> records;
  while (*(*reader)->next(record)) records.push_back(kept_of(record));
  EXPECT_EQ(records, first_records(50));
  EXPECT_EQ((*reader)->bytes_done(), (*reader)->bytes_total());
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(journal())) {
    if (entry.path().filename() != "lock") bytes += entry.file_size();
  }
  EXPECT_EQ(bytes, (*reader)->bytes_total());
}

TEST_F(PosixJournal, refuses_a_second_writer_until_the_first_is_gone) {
  auto writer = open_writer();
  const auto second = Writer::open(disk_, journal(), small_options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text, journal() + "/lock: process " + std::to_string(::getpid()) +
                                     " is writing here; stop it, or choose another --data-dir");
  EXPECT_EQ(second.error().fault, Fault::kCaller);
  writer.reset();
  EXPECT_TRUE(Writer::open(disk_, journal(), small_options()));
}

TEST_F(PosixJournal, says_which_folder_may_not_be_used) {
  std::ofstream(folder_ + "/file") << "x";
  const auto in_a_file = Writer::open(disk_, folder_ + "/file/journal", small_options());
  ASSERT_FALSE(in_a_file);
  EXPECT_NE(in_a_file.error().text.find(folder_ + "/file"), std::string::npos);
  EXPECT_EQ(in_a_file.error().fault, Fault::kCaller);
  const auto missing = Reader::open(disk_, folder_ + "/nowhere");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::kCaller);

  // Permissions bind others than root only.
  fs::create_directory(folder_ + "/closed");
  fs::permissions(folder_ + "/closed", fs::perms(0555));
  fs::permissions(folder_, fs::perms::all);
  const bool is_root = ::geteuid() == 0;
  become(is_root ? 65'534 : ::geteuid());
  const auto closed = Writer::open(disk_, folder_ + "/closed/journal", small_options());
  become(is_root ? 0 : ::geteuid());
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().text,
            folder_ +
                "/closed/journal: cannot make the folder: Permission denied; run it as a user "
                "who may, or choose another --data-dir");
}

TEST_F(PosixJournal, a_read_only_journal_can_be_read_and_not_written) {
  {
    auto writer = open_writer();
    for (const Kept& kept : first_records(5)) append_or_die(*writer, kept);
    close_or_die(*writer);
  }
  for (const auto& entry : fs::directory_iterator(journal())) {
    fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::group_read);
  }
  fs::permissions(journal(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read |
                                 fs::perms::group_exec);
  for (fs::path up = journal(); up != folder_;) {
    up = up.parent_path();
    fs::permissions(up, fs::perms::all);
  }
  const bool is_root = ::geteuid() == 0;
  become(is_root ? 65'534 : ::geteuid());
  const auto report = check(disk_, journal(), [](std::uint64_t, std::uint64_t) { return true; });
  const auto writer = Writer::open(disk_, journal(), small_options());
  become(is_root ? 0 : ::geteuid());
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_EQ(report->records, 5U);
  ASSERT_FALSE(writer);
  EXPECT_NE(writer.error().text.find("Permission denied"), std::string::npos);
  EXPECT_EQ(writer.error().fault, Fault::kCaller);
  fs::permissions(journal(), fs::perms::all);
}

}  // namespace
}  // namespace tapeline::journal
