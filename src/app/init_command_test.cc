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
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
    CliFixture::TearDown();
  }

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
  EXPECT_EQ(outcome.err,
            "tapeline.yaml: written; every key in it has its default\n"
            "next: tapeline check --connect, then tapeline run\n");
  EXPECT_EQ(content("tapeline.yaml"), config::commented_file());
  const Outcome check = run({"--config", "tapeline.yaml", "check"});
  EXPECT_EQ(check.status, kExitDone) << check.err;
}

TEST_F(InitCommand, what_it_wrote_is_read_in_its_folder) {
  run({"init"});
  const Outcome check = run({"check"});
  EXPECT_EQ(check.status, kExitDone);
  EXPECT_TRUE(
      check.err.starts_with("tapeline.yaml: read, since it is in this folder\n"
                            "tapeline.yaml: ok ("))
      << check.err;
  EXPECT_EQ(run({"check", "--quiet"}).err, "");
}

TEST_F(InitCommand, another_file_counts_before_the_one_of_the_folder) {
  std::ofstream("tapeline.yaml") << "strem: {}\n";
  const Outcome mistaken = run({"check"});
  EXPECT_EQ(mistaken.status, kExitWrongUse);
  EXPECT_NE(mistaken.err.find("tapeline.yaml:1: strem: unknown key"), std::string::npos)
      << mistaken.err;
  std::ofstream("other.yaml") << "stream: {disorder: 5s}\n";
  EXPECT_EQ(run({"--config", "other.yaml", "check"}).err, "other.yaml: ok (1 key set)\n");
  // What reads no configuration does not care.
  EXPECT_EQ(run({"completion", "bash"}).err, "");
}

TEST_F(InitCommand, names_the_next_commands_for_another_file) {
  const Outcome outcome = run({"--config", "other.yaml", "init"});
  EXPECT_NE(outcome.err.find("next: tapeline --config other.yaml check --connect, then tapeline "
                             "--config other.yaml run\n"),
            std::string::npos)
      << outcome.err;
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
