// SPDX-License-Identifier: Apache-2.0
#include "app/demo/folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "journal/posix_disk.h"

namespace tapeline::app::demo {
namespace {

namespace fs = std::filesystem;

class DemoFolder : public testing::Test {
 protected:
  DemoFolder() { fs::create_directories(parent_); }
  ~DemoFolder() override { fs::remove_all(parent_); }

  std::string made(const std::string& name) {
    const std::string path = parent_ + "/" + name;
    fs::create_directories(path + "/journal");
    std::ofstream(path + "/hold") << "1\n";
    return path;
  }

  std::string parent_ = testing::TempDir() + "tapeline_demo_folder_" +
                        testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(DemoFolder, is_for_its_owner_alone_and_goes_with_what_is_in_it) {
  std::string path;
  {
    const auto folder = Folder::make_temporary(parent_);
    ASSERT_TRUE(folder);
    path = (*folder)->path();
    EXPECT_TRUE((*folder)->is_temporary());
    EXPECT_TRUE(path.starts_with(parent_ + "/tapeline-demo-")) << path;
    struct stat about = {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u);
    fs::create_directories(path + "/journal");
    std::ofstream(path + "/journal/1") << "x";
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::is_empty(parent_));
}

TEST_F(DemoFolder, is_found_while_its_demo_runs) {
  EXPECT_EQ(parent_of_temporary(""), "/tmp");
  EXPECT_EQ(parent_of_temporary(parent_), parent_);
  made("tapeline-demo-abc123");  // of a killed one
  made("somebody-elses");
  EXPECT_TRUE(running_in(parent_).empty());
  EXPECT_TRUE(running_in(parent_ + "/not-there").empty());
  const auto one = Folder::make_temporary(parent_);
  const auto other = Folder::make_temporary(parent_);
  ASSERT_TRUE(one && other);
  std::vector<std::string> both{(*one)->path(), (*other)->path()};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(running_in(parent_), both);
}

TEST_F(DemoFolder, one_that_a_killed_demo_left_goes_with_the_next_start) {
  const std::string left = made("tapeline-demo-abc123");
  const std::string other = made("somebody-elses");
  fs::create_symlink(other, parent_ + "/tapeline-demo-linked");
  const auto folder = Folder::make_temporary(parent_);
  ASSERT_TRUE(folder);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(other + "/journal"));
  EXPECT_TRUE(fs::is_symlink(parent_ + "/tapeline-demo-linked"));
}

TEST_F(DemoFolder, one_that_somebody_holds_stays) {
  const std::string held = made("tapeline-demo-abc123");
  journal::PosixDisk disk;
  const auto lock = disk.lock(held + "/hold", "runs a demo");
  ASSERT_TRUE(lock);
  const auto one = Folder::make_temporary(parent_);
  const auto two = Folder::make_temporary(parent_);
  ASSERT_TRUE(one && two);
  EXPECT_TRUE(fs::exists(held + "/journal"));
  EXPECT_TRUE(fs::exists((*one)->path()));
}

TEST_F(DemoFolder, a_start_that_ended_before_its_lock_goes_after_a_minute) {
  fs::create_directories(parent_ + "/tapeline-starting-new123");
  fs::create_directories(parent_ + "/tapeline-starting-old123");
  fs::last_write_time(parent_ + "/tapeline-starting-old123",
                      fs::file_time_type::clock::now() - std::chrono::minutes(2));
  ASSERT_TRUE(Folder::make_temporary(parent_));
  EXPECT_TRUE(fs::exists(parent_ + "/tapeline-starting-new123"));
  EXPECT_FALSE(fs::exists(parent_ + "/tapeline-starting-old123"));
}

TEST_F(DemoFolder, says_why_there_can_be_none) {
  const auto folder = Folder::make_temporary(parent_ + "/absent");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().fault, Fault::kCaller);
  EXPECT_NE(folder.error().text.find("No such file or directory"), std::string::npos)
      << folder.error().text;
}

TEST_F(DemoFolder, a_lasting_one_stays_and_has_to_be_empty) {
  const std::string path = parent_ + "/a/b";
  {
    const auto folder = Folder::make_lasting(path);
    ASSERT_TRUE(folder);
    EXPECT_FALSE((*folder)->is_temporary());
    struct stat about = {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u);
  }
  ASSERT_TRUE(Folder::make_lasting(path));
  std::ofstream(path + "/x") << "x";
  const auto again = Folder::make_lasting(path);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().text.find("is not empty"), std::string::npos) << again.error().text;
}

}  // namespace
}  // namespace tapeline::app::demo
