// SPDX-License-Identifier: Apache-2.0
#include "app/live/windows_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace tapeline::app::live {
namespace {

class WindowsFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tapeline_windows_" + std::to_string(::getpid());
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text) {
    std::ofstream(folder_ + "/windows", std::ios::binary) << text;
  }

  std::string folder_;
};

TEST_F(WindowsFile, remembers_the_windows_of_the_first_run) {
  config::Stream stream;
  stream.intervals = {std::chrono::seconds(1), std::chrono::hours(1)};
  stream.disorder = std::chrono::milliseconds(500);
  ASSERT_TRUE(hold_windows(folder_, stream, {}).has_value());
  ASSERT_TRUE(hold_windows(folder_, stream, {}).has_value());
  const auto held = windows_of(folder_, {});
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->intervals, stream.intervals);
  EXPECT_EQ(held->disorder, stream.disorder);
  EXPECT_EQ(held->idle_timeout, stream.idle_timeout);
}

TEST_F(WindowsFile, refuses_others_and_names_both) {
  config::Stream stream;
  stream.intervals = {std::chrono::minutes(1)};
  ASSERT_TRUE(hold_windows(folder_, stream, {}).has_value());
  stream.intervals = {std::chrono::minutes(1), std::chrono::minutes(5)};
  const auto refused = hold_windows(folder_, stream, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text.find("made with intervals: 1m, disorder: 2s"), std::string::npos)
      << refused.error().text;
  EXPECT_NE(refused.error().text.find("says intervals: 1m,5m"), std::string::npos);
  EXPECT_EQ(windows_of(folder_, stream)->intervals.size(), 1U);
}

TEST_F(WindowsFile, missing_beside_rows_is_refused_with_both_ways_out) {
  const auto refused = hold_windows(folder_, {}, true);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, Fault::kCaller);
  EXPECT_NE(refused.error().text.find("/windows: is missing"), std::string::npos);
  EXPECT_NE(refused.error().text.find("bring it back from a copy, or move store.duckdb away"),
            std::string::npos);
  ASSERT_TRUE(hold_windows(folder_, {}, {}).has_value()) << "nothing was written";
  EXPECT_TRUE(hold_windows(folder_, {}, true).has_value());
}

TEST_F(WindowsFile, another_lateness_is_fine_since_the_journal_says_it) {
  config::Stream stream;
  ASSERT_TRUE(hold_windows(folder_, stream, {}).has_value());
  stream.lateness = std::chrono::hours(1);
  EXPECT_TRUE(hold_windows(folder_, stream, {}).has_value());
}

TEST_F(WindowsFile, other_conditions_are_other_rows) {
  ASSERT_TRUE(hold_windows(folder_, {}, {}).has_value());
  config::Stream stream;
  stream.conditions.of(Condition::kOddLot) = Counts::kAll;
  const auto refused = hold_windows(folder_, stream, true);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text.find("odd_lot=volume"), std::string::npos);
  EXPECT_NE(refused.error().text.find("odd_lot=all"), std::string::npos);
  EXPECT_EQ(windows_of(folder_, stream)->conditions, ConditionRules());
}

TEST_F(WindowsFile, damaged_is_said_and_not_guessed) {
  for (const char* text : {"", "intervals: 1m\n", "intervals: 1m\ndisorder: 2s\nidle_timeout: 1s\n",
                           "intervals: x\ndisorder: 2s\nidle_timeout: 1s\n",
                           "intervals: 1m\ndisorder: 2s\nidle_timeout: 1s", "\n\n\n",
                           "intervals: 1m\ndisorder: 2s\nidle_timeout: 1s\nconditions: x\n"}) {
    write(text);
    EXPECT_FALSE(windows_of(folder_, {}).has_value()) << text;
    EXPECT_FALSE(hold_windows(folder_, {}, {}).has_value()) << text;
  }
}

}  // namespace
}  // namespace tapeline::app::live
