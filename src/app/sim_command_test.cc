// SPDX-License-Identifier: Apache-2.0
// `tapeline sim`, on a port of the loopback.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "app/cli_outcome.h"
#include "base/clock.h"
#include "sim/dialect/dialect.h"
#include "sim/fault/fault_spec.h"

namespace tapeline::app {
namespace {

class SimCommand : public testing::Test {
 protected:
  void TearDown() override { std::remove(ca_file_.c_str()); }

  CliOutcome run(const std::vector<std::string>& args) { return outcome_of(args, clock_, stop_); }
  void expect_wrong_use(const std::vector<std::string>& args, const std::string& sentence) {
    const CliOutcome outcome = run(args);
    EXPECT_EQ(outcome.status, kExitWrongUse);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "tapeline: " + sentence + "\n");
  }

  SystemClock clock_;
  std::atomic<bool> stop_{false};
  std::string ca_file_ = testing::TempDir() + "tapeline_sim_command_" +
                         testing::UnitTest::GetInstance()->current_test_info()->name() + ".pem";
};

TEST_F(SimCommand, says_where_it_listens_writes_the_certificate_and_ends_after_its_time) {
  const CliOutcome outcome =
      run({"sim", "--venue", "binance", "--duration", "50ms", "--history", "1s", "--seed", "7",
           "--faults", "mild,drop=5s", "--ca-out", ca_file_});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with("simulated binance on wss://127.0.0.1:")) << outcome.err;
  EXPECT_NE(outcome.err.find(", seed 7, faults lose=0.1%,"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("drop=5s"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("\n0 connections; frames with data: 0 produced"), std::string::npos)
      << outcome.err;
  std::stringstream pem;
  pem << std::ifstream(ca_file_).rdbuf();
  EXPECT_TRUE(pem.str().starts_with("-----BEGIN CERTIFICATE-----")) << pem.str();
}

// Out of the names that the mistake in a list says there are.
TEST_F(SimCommand, its_help_names_every_fault) {
  const std::string mistake = sim::parse_faults("nothing=1").error().text;
  const std::string help = run({"sim", "--help"}).out;
  std::size_t named = 0;
  for (std::size_t equals = mistake.find('=', mistake.find('(')); equals != std::string::npos;
       equals = mistake.find('=', equals + 1)) {
    const std::size_t before = mistake.find_last_of(" (", equals);
    const std::string name = mistake.substr(before + 1, equals - before);
    EXPECT_NE(help.find(name), std::string::npos) << name;
    ++named;
  }
  EXPECT_GE(named, 14U) << mistake;
}

TEST_F(SimCommand, ends_in_order_at_a_signal_and_knows_whether_it_was_cut_short) {
  stop_ = true;
  const CliOutcome outcome = run({"sim", "--venue", "coinbase", "--quiet"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(run({"sim", "--venue", "coinbase", "--quiet", "--duration", "1h"}).status,
            kExitInterrupted);
  EXPECT_TRUE(outcome.err.ends_with("note: nobody can trust its certificate without --ca-out\n"))
      << outcome.err;
}

TEST_F(SimCommand, mistakes_are_named) {
  const std::string venues = fmt::format("{}", fmt::join(sim::dialect_names(), ", "));
  expect_wrong_use({"sim"}, "--venue: needed (known: " + venues + ")");
  expect_wrong_use(
      {"sim", "--venue", "coinbse"},
      "--venue: \"coinbse\" is not allowed (did you mean \"coinbase\"? allowed: " + venues + ")");
  expect_wrong_use({"sim", "--venue", "coinbase", "--faults", "mild,drop=0s"},
                   "--faults: part 2, \"drop=0s\": write drop=D (a duration like 20s, more than 0 "
                   "and at most 1d) or drop@T (a time like 30s, more than 0 and at most 1d)");
  expect_wrong_use({"sim", "--venue", "coinbase", "--rate", "0"},
                   "--rate: \"0\" is not a number from 1 to 2000000");
  expect_wrong_use({"sim", "--venue", "coinbase", "--markets", "1001"},
                   "--markets: \"1001\" is not a number from 1 to 1000");
  expect_wrong_use({"sim", "--venue", "coinbase", "--seed", "x"},
                   "--seed: \"x\" is not a number (allowed: digits)");
}

TEST_F(SimCommand, a_certificate_that_cannot_be_written_is_a_failure) {
  const CliOutcome outcome =
      run({"sim", "--venue", "coinbase", "--ca-out", testing::TempDir() + "no/such/folder/ca.pem"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_NE(outcome.err.find("cannot write: No such file or directory"), std::string::npos)
      << outcome.err;
}

}  // namespace
}  // namespace tapeline::app
