// SPDX-License-Identifier: Apache-2.0
#include "app/data_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace tapeline::app {
namespace {

namespace fs = std::filesystem;

class DataDirTest : public testing::Test {
 protected:
  DataDirTest() { fs::remove_all(folder_); }
  ~DataDirTest() override { fs::remove_all(folder_); }
  DataDirTest(const DataDirTest&) = delete;
  DataDirTest& operator=(const DataDirTest&) = delete;

  static std::string why_not(const Result<DataDir>& opened) {
    return opened ? "opened" : opened.error().text;
  }

  [[nodiscard]] std::string marker() const { return folder_ + "/tapeline"; }

  [[nodiscard]] std::string marker_text() const {
    std::ifstream in(marker(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void write_marker(const std::string& text) const {
    fs::create_directories(folder_);
    std::ofstream(marker(), std::ios::binary) << text;
  }

  const std::string folder_ = testing::TempDir() + "tapeline_data_dir_" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(DataDirTest, is_made_for_its_owner_alone) {
  const auto opened = DataDir::open(folder_ + "/a/b/", Holds::kReal);
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_EQ(opened->path(), folder_ + "/a/b");
  struct stat status = {};
  ASSERT_EQ(::stat((folder_ + "/a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
}

TEST_F(DataDirTest, one_process_holds_it) {
  auto first = DataDir::open(folder_, Holds::kReal);
  ASSERT_TRUE(first);
  const auto second = DataDir::open(folder_, Holds::kReal);
  EXPECT_EQ(why_not(second), folder_ + "/lock: process " + std::to_string(::getpid()) +
                                 " is writing here; stop it, or choose another --data-dir");
  EXPECT_EQ(second.error().fault, Fault::kCaller);
  { const DataDir gone = std::move(*first); }
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kReal)), "opened");
}

// Another process opens the folder and holds it until it is killed.
TEST_F(DataDirTest, a_killed_process_holds_it_no_longer) {
  int pipe[2] = {-1, -1};
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto opened = DataDir::open(folder_, Holds::kReal);
    const char said = opened ? 'y' : 'n';
    if (::write(pipe[1], &said, 1) != 1) _exit(1);
    for (;;) ::pause();
  }
  char said = 'n';
  EXPECT_EQ(::read(pipe[0], &said, 1), 1);
  EXPECT_EQ(said, 'y');
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kReal)),
            folder_ + "/lock: process " + std::to_string(child) +
                " is writing here; stop it, or choose another --data-dir");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kReal)), "opened");
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_F(DataDirTest, remembers_what_it_holds) {
  for (const auto& [holds, other, text] :
       {std::tuple{Holds::kReal, Holds::kSimulated,
                   std::string("holds real data, which simulated data never joins")},
        std::tuple{Holds::kSimulated, Holds::kReal,
                   std::string("holds simulated data, which real data never joins")}}) {
    fs::remove_all(folder_);
    EXPECT_EQ(why_not(DataDir::open(folder_, holds)), "opened");
    const std::string before = marker_text();
    EXPECT_EQ(before, holds == Holds::kReal ? "tapeline data folder 1\nholds real\n"
                                            : "tapeline data folder 1\nholds simulated\n");
    const auto refused = DataDir::open(folder_, other);
    EXPECT_EQ(why_not(refused), folder_ + ": " + text + "; choose another --data-dir");
    EXPECT_EQ(refused.error().fault, Fault::kCaller);
    EXPECT_EQ(marker_text(), before);
    EXPECT_EQ(why_not(DataDir::open(folder_, holds)), "opened");
  }
}

TEST_F(DataDirTest, a_journal_without_a_marker_is_real) {
  fs::create_directories(folder_ + "/journal");
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kSimulated)),
            folder_ +
                ": holds real data, which simulated data never joins; choose another "
                "--data-dir");
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kReal)), "opened");
}

TEST_F(DataDirTest, a_newer_format_is_refused) {
  const std::string newer = "tapeline data folder 2\nholds something else\n";
  write_marker(newer);
  EXPECT_EQ(why_not(DataDir::open(folder_, Holds::kReal)),
            marker() +
                ": a newer Tapeline wrote this folder (format 2, this one knows 1); use that "
                "version, or choose another --data-dir");
  EXPECT_EQ(marker_text(), newer);
}

TEST_F(DataDirTest, a_damaged_marker_is_refused_and_stays) {
  const std::string good = "tapeline data folder 1\nholds real\n";
  std::vector<std::string> texts{"tapeline data folder 0\nholds real\n",
                                 "tapeline data folder 1\nholds fakes\n", good + "x",
                                 std::string(1000, 'x'), std::string(300, '\0')};
  for (std::size_t size = 0; size < good.size(); ++size) texts.push_back(good.substr(0, size));
  for (const std::string& text : texts) {
    write_marker(text);
    const auto refused = DataDir::open(folder_, Holds::kReal);
    EXPECT_EQ(why_not(refused),
              marker() +
                  ": says not whether the folder holds real or simulated data (damaged?); "
                  "put back one that does, or choose another --data-dir")
        << text;
    EXPECT_EQ(marker_text(), text);
  }
}

TEST_F(DataDirTest, a_place_that_cannot_be_a_folder_is_named) {
  std::ofstream(folder_) << "a file";
  EXPECT_EQ(DataDir::open(folder_, Holds::kReal).error().fault, Fault::kCaller);
  EXPECT_EQ(why_not(DataDir::open(folder_ + "/data", Holds::kReal)).rfind(folder_, 0), 0U);
  EXPECT_EQ(why_not(DataDir::open("/proc/tapeline/data", Holds::kReal)).rfind("/proc/tapeline", 0),
            0U);
}

TEST(DataDirPath, stands_in_the_home_folder) {
  EXPECT_EQ(data_dir_path("~/x", "/home/a"), "/home/a/x");
  EXPECT_EQ(data_dir_path("./x", ""), "./x");
  EXPECT_EQ(data_dir_path("~/x", "").error().text,
            "there is no $HOME to find the data folder in; say --data-dir");
}

}  // namespace
}  // namespace tapeline::app
