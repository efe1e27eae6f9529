// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/cli_fixture.h"
#include "app/config/commented.h"

namespace tapeline::app {
namespace {

namespace fs = std::filesystem;

// In an empty folder, which is the current one.
class InitCommand : public CliFixture {
 protected:
  InitCommand() {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
    fs::current_path(folder_);
  }
  ~InitCommand() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }
  InitCommand(const InitCommand&) = delete;
  InitCommand& operator=(const InitCommand&) = delete;

  static std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::size_t files() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("."), fs::directory_iterator()));
  }

  const fs::path before_ = fs::current_path();
  const std::string folder_ = testing::TempDir() + "tapeline_init_" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(InitCommand, writes_a_file_that_check_accepts) {
  const Outcome outcome = run({"init"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "tapeline.yaml: written; every key in it has its default\n");
  EXPECT_EQ(content("tapeline.yaml"), config::commented_file());
  const Outcome check = run({"--config", "tapeline.yaml", "check"});
  EXPECT_EQ(check.status, kExitDone) << check.err;
}

TEST_F(InitCommand, writes_where_config_says) {
  EXPECT_EQ(run({"--config", "other.yaml", "init", "--quiet"}).err, "");
  EXPECT_EQ(content("other.yaml"), config::commented_file());
  EXPECT_EQ(files(), 1U);
}

TEST_F(InitCommand, overwrites_nothing_unless_it_is_forced) {
  std::ofstream("tapeline.yaml") << "strem: {}\n";  // with a mistake that init does not look at
  expect_mistake({"--config", "tapeline.yaml", "init"},
                 "tapeline: tapeline.yaml: is there already; init --force writes it anew");
  EXPECT_EQ(content("tapeline.yaml"), "strem: {}\n");
  EXPECT_EQ(run({"--config", "tapeline.yaml", "init", "--force"}).status, kExitDone);
  EXPECT_EQ(content("tapeline.yaml"), config::commented_file());
  EXPECT_EQ(files(), 1U);
}

TEST_F(InitCommand, names_what_it_cannot_write) {
  expect_mistake({"--config", "nowhere/x.yaml", "init"},
                 "tapeline: nowhere/x.yaml: cannot write: No such file or directory");
  fs::create_directory("folder");
  expect_mistake({"--config", "folder", "init", "--force"},
                 "tapeline: folder: cannot write: Is a directory");
  EXPECT_EQ(files(), 1U) << "nothing is left behind";
}

}  // namespace
}  // namespace tapeline::app
