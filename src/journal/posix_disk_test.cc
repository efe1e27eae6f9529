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
#include "base/file_size_limit.h"
#include "journal/check.h"
#include "journal/journal_fixture.h"
#include "journal/segments.h"

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

  [[nodiscard]] std::vector<Kept> read_all() {
    std::vector<Kept> records;
    auto reader = Reader::open(disk_, journal());
    EXPECT_TRUE(reader) << reader.error().text;
    Record record;
    while (reader && (*reader)->next(record).value_or(false)) records.push_back(kept_of(record));
    return records;
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

TEST_F(PosixJournal, a_new_name_is_given_only_where_nothing_stands) {
  const std::string from = folder_ + "/from";
  std::ofstream(from) << "new";
  std::ofstream(folder_ + "/file") << "old";
  fs::create_directory(folder_ + "/folder");
  fs::create_symlink("nowhere", folder_ + "/link");
  for (const char* taken : {"/file", "/folder", "/link"}) {
    const auto refused = disk_.rename_new(from, folder_ + taken);
    ASSERT_FALSE(refused) << taken;
    EXPECT_EQ(refused.error().text,
              folder_ + taken +
                  ": is there already, and nothing is written over it; move it away, or choose "
                  "another --data-dir");
    EXPECT_EQ(refused.error().fault, Fault::kCaller);
  }
  EXPECT_EQ(fs::file_size(folder_ + "/file"), 3U);
  EXPECT_TRUE(disk_.rename_new(from, folder_ + "/to"));
  EXPECT_FALSE(fs::exists(from));
  EXPECT_FALSE(disk_.rename_new(from, folder_ + "/other")) << "nothing to rename";
}

TEST_F(PosixJournal, what_is_no_file_and_has_the_name_of_one_is_refused) {
  close_or_die(*open_writer());
  const std::string whole = journal() + "/" + segment_name(0);
  const auto expect_refused = [&](const std::string& path) {
    const std::string begin = path + ": is no file";
    const auto reader = Reader::open(disk_, journal());
    ASSERT_FALSE(reader) << path;
    EXPECT_TRUE(reader.error().text.starts_with(begin)) << reader.error().text;
    const auto writer = Writer::open(disk_, journal(), small_options());
    ASSERT_FALSE(writer) << path;
    EXPECT_TRUE(writer.error().text.starts_with(begin)) << writer.error().text;
    EXPECT_FALSE(check(disk_, journal(), go_on)) << path;
    fs::remove(path);
  };
  for (const std::string& name :
       {segment_name(7), segment_name(7) + std::string(kSealedEnding), beginning_name(7)}) {
    const std::string path = journal() + "/" + name;
    fs::create_directory(path);
    expect_refused(path);
    fs::create_symlink("nowhere", path);
    expect_refused(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    expect_refused(path);
  }
  // The only one there is.
  fs::rename(whole, folder_ + "/moved");
  fs::create_symlink(folder_ + "/gone", whole);
  expect_refused(whole);
}

TEST_F(PosixJournal, a_segment_that_is_a_link_is_read_and_not_sealed) {
  auto writer = open_writer();
  for (const Kept& kept : first_records(50)) append_or_die(*writer, kept);
  close_or_die(*writer);
  const std::string path = journal() + "/" + segment_name(0);
  const std::string elsewhere = folder_ + "/elsewhere";
  fs::rename(path, elsewhere);
  fs::create_symlink(elsewhere, path);
  EXPECT_EQ(read_all(), first_records(50));
  const auto sealed = seal(disk_, journal(), {}, go_on);
  ASSERT_FALSE(sealed);
  EXPECT_TRUE(sealed.error().text.starts_with(path + ": is a link")) << sealed.error().text;
  EXPECT_TRUE(fs::is_symlink(path));
  fs::remove(path);
  fs::rename(elsewhere, path);
  EXPECT_TRUE(seal(disk_, journal(), {}, go_on));
  EXPECT_EQ(read_all(), first_records(50));
}

TEST_F(PosixJournal, a_lock_is_held_though_the_disk_takes_no_name_of_the_process) {
  const std::string path = folder_ + "/lock";
  const FileSizeLimit full(0);
  const auto lock = disk_.lock(path, kIsWriting);
  ASSERT_TRUE(lock) << lock.error().text;
  const auto second = disk_.lock(path, "is at work here");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text, path + ": another process is at work here");
}

TEST_F(PosixJournal, the_journal_itself_is_no_data_folder_and_the_way_out_is_said) {
  close_or_die(*open_writer());
  const auto text_of = [&](const std::string& folder) {
    return find_segments(disk_, folder).error().text;
  };
  for (const char* slash : {"", "/"}) {
    const std::string inner = journal() + slash + "/journal";
    EXPECT_EQ(text_of(inner), inner + ": there is no journal; " + journal() +
                                  " is the journal itself: give the data folder that it is in, " +
                                  folder_ + "/deep/er");
  }
  EXPECT_TRUE(text_of(folder_ + "/journal").ends_with("makes one from recordings"));
}

}  // namespace
}  // namespace tapeline::journal
