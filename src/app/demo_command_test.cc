// SPDX-License-Identifier: Apache-2.0
// What `tapeline demo` refuses; tests/system/demo_test.py lets it run.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/cli_fixture.h"
#include "sim/dialect/dialect.h"

namespace tapeline::app {
namespace {

using DemoCommand = CliFixture;

TEST_F(DemoCommand, names_what_is_allowed) {
  expect_mistake({"demo", "--venue", "nyse"},
                 fmt::format("tapeline: --venue: \"nyse\" is not allowed (allowed: {})",
                             fmt::join(sim::dialect_names(), ", ")));
  expect_mistake({"demo", "--duration", "10ms"},
                 "tapeline: --duration: \"10ms\" is out of range (allowed: 1s to 365d)");
  expect_mistake({"demo", "--port", "70000"},
                 "tapeline: --port: \"70000\" is out of range (allowed: 1 to 65535)");
  expect_mistake({"demo", "--seed", "-1"},
                 "tapeline: --seed: \"-1\" is not a number (allowed: digits)");
  const Outcome faults = run({"demo", "--faults", "loose=1"});
  EXPECT_EQ(faults.status, kExitWrongUse);
  EXPECT_NE(faults.err.find("--faults: "), std::string::npos) << faults.err;
}

TEST_F(DemoCommand, keeps_its_data_in_a_folder_of_its_own) {
  const std::string path = testing::TempDir() + "tapeline_demo_command_full";
  std::filesystem::create_directories(path);
  std::ofstream(path + "/x") << "x";
  expect_mistake({"--data-dir", path, "demo"},
                 "tapeline: " + path +
                     ": is not empty, and a demo keeps what it stores in a "
                     "folder of its own; choose another --data-dir");
  std::filesystem::remove_all(path);
}

TEST_F(DemoCommand, says_where_it_could_not_make_its_folder) {
  variables_["TMPDIR"] = "/nonexistent";
  const Outcome outcome = run({"demo"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_TRUE(outcome.err.starts_with("tapeline: /nonexistent/tapeline-starting-")) << outcome.err;
}

}  // namespace
}  // namespace tapeline::app
