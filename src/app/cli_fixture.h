// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "app/cli.h"
#include "app/cli_outcome.h"

namespace tapeline::app {

// Runs the command line against a replay that does nothing but note its options.
class CliFixture : public testing::Test {
 protected:
  using Outcome = CliOutcome;

  void TearDown() override {
    for (const std::string& path : paths_) std::filesystem::remove(path);
  }

  Outcome run(const std::vector<std::string>& args) {
    std::ostringstream out;
    std::ostringstream err;
    const Environment env{
        .out = out,
        .err = err,
        .err_is_terminal = err_is_terminal_,
        .clock = clock_,
        .stop = stop_,
        .variable = [this](const char* name) { return variables_[name]; },
        .venues = {"coinbase", "binance"},
        .replay = [this](const replay::Options& options, const replay::Hooks& hooks,
                         const auto& /*stop*/) -> Result<replay::Summary> {
          ++replays_;
          options_ = options;
          clock_.advance(std::chrono::seconds(2));
          hooks.on_progress({.bytes_done = 1, .bytes_total = 2, .frames = 1});
          hooks_ = hooks;
          return result_;
        },
        .sleep = [this](Duration time) { clock_.advance(time); }};
    const int status = run_cli(args, env);
    return {status, out.str(), err.str()};
  }

  // A mistake: status 2, one line on stderr, nothing on stdout, and nothing was replayed.
  void expect_mistake(const std::vector<std::string>& args, const std::string& sentence) {
    const int replays_before = replays_;
    const Outcome outcome = run(args);
    EXPECT_EQ(outcome.status, kExitWrongUse);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, sentence + "\n");
    EXPECT_EQ(replays_, replays_before);
  }

  std::string file(const std::string& name, const std::string& text) {
    std::string path = testing::TempDir() + "tapeline_" +
                       testing::UnitTest::GetInstance()->current_test_info()->name() + name;
    std::ofstream(path, std::ios::binary) << text;
    paths_.push_back(path);
    return path;
  }

  bool err_is_terminal_ = false;
  ManualClock clock_{RecvTime(0)};
  std::atomic<bool> stop_{false};
  Result<replay::Summary> result_ = replay::Summary{};
  replay::Options options_;  // of the last replay
  replay::Hooks hooks_;      // likewise
  std::map<std::string, std::string> variables_;
  int replays_ = 0;

 private:
  std::vector<std::string> paths_;
};

}  // namespace tapeline::app
