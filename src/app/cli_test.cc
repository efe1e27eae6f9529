// SPDX-License-Identifier: Apache-2.0
#include "app/cli.h"

#include <gtest/gtest.h>

#include <streambuf>

#include "app/cli_fixture.h"
#include "app/command_table.h"
#include "app/global_options.h"
#include "app/help.h"

namespace tapeline::app {
namespace {

class Cli : public CliFixture {};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Cli, unknown_commands_name_the_nearest_one) {
  expect_mistake({"repley"}, "tapeline: unknown command \"repley\" (did you mean \"replay\"?)");
  expect_mistake({"repley", "x", "--emit", "bars"},
                 "tapeline: unknown command \"repley\" (did you mean \"replay\"?)");
  expect_mistake({"brew"},
                 "tapeline: unknown command \"brew\" (known: demo, replay, run, record, status, "
                 "watch, verify, audit, explain, instruments, sql, check, init, sim, journal, man, "
                 "completion)");
  expect_mistake({"repley", "--help"},
                 "tapeline: unknown command \"repley\" (did you mean \"replay\"?)");
  expect_mistake({""},
                 "tapeline: unknown command \"\" (known: demo, replay, run, record, status, "
                 "watch, verify, audit, explain, instruments, sql, check, init, sim, journal, man, "
                 "completion)");
  expect_mistake({"check", "replay"}, "tapeline: unexpected argument \"replay\"");
}

TEST_F(Cli, a_command_is_needed) {
  const std::string said = help_text(nullptr, "") +
                           "\ntapeline: a command is missing; `tapeline demo` shows what it does";
  expect_mistake({}, said);
  expect_mistake({"--quiet"}, said);
}

TEST_F(Cli, help_is_what_a_newcomer_types) {
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help"}).status, kExitDone);
  EXPECT_EQ(run({"journal", "help"}).out, run({"journal", "--help"}).out);
}

TEST_F(Cli, commands_of_two_words_are_found_by_both) {
  expect_mistake({"journal"},
                 help_text(nullptr, "journal") + "\ntapeline: journal: a command is missing");
  expect_mistake({"journal", "lst"},
                 "tapeline: unknown command \"journal lst\" (did you mean \"ls\"?)");
  expect_mistake(
      {"journal", "replay"},
      "tapeline: unknown command \"journal replay\" (known: import, ls, cat, seal, check)");
  expect_mistake({"journal", "ls", "x"}, "tapeline: unexpected argument \"x\"");
  expect_mistake({"journal", "ls", "--emit", "bars"},
                 "tapeline: unknown option \"--emit\" (see tapeline journal ls --help)");
}

TEST_F(Cli, the_words_an_option_offers_are_taken) {
  for (const CommandRow& command : command_table()) {
    for (const OptionRow& row : command.options()) {
      std::istringstream words{std::string(row.words)};
      const std::vector<std::string> venues;
      for (std::string word; words >> word;) {
        Settings settings;
        EXPECT_EQ(row.take(word, {.settings = settings, .venues = venues}), "") << row.name;
      }
    }
  }
}

TEST_F(Cli, unknown_options_name_the_nearest_one) {
  expect_mistake({"replay", "x", "--emitt", "bars"},
                 "tapeline: unknown option \"--emitt\" (did you mean \"--emit\"?)");
  expect_mistake({"replay", "x", "--intervall=1m"},
                 "tapeline: unknown option \"--intervall\" (did you mean \"--interval\"?)");
  expect_mistake({"--confg", "F", "check"},
                 "tapeline: unknown option \"--confg\" (did you mean \"--config\"?)");
  expect_mistake({"check", "--shwo"},
                 "tapeline: unknown option \"--shwo\" (did you mean \"--show\"?)");
  expect_mistake({"replay", "x", "--wobble"},
                 "tapeline: unknown option \"--wobble\" (see tapeline replay --help)");
  expect_mistake({"check", "--emit"},
                 "tapeline: unknown option \"--emit\" (see tapeline check --help)");
  expect_mistake({"replay", "x", "-x"},
                 "tapeline: unknown option \"-x\" (see tapeline replay --help)");
  expect_mistake({"--emit", "bars"}, "tapeline: unknown option \"--emit\" (see tapeline --help)");
  expect_mistake({"-quiet", "check"},
                 "tapeline: unknown option \"-quiet\" (did you mean \"--quiet\"?)");
}

TEST_F(Cli, help_has_a_page_for_every_command_with_an_example) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"--help"},
                                               {"-h"},
                                               {"replay", "--help"},
                                               {"replay", "-h", "x"},
                                               {"--help", "check"},
                                               {"check", "--help"},
                                               {"journal", "--help"},
                                               {"journal", "import", "--help"},
                                               {"completion", "--help"}}) {
    const Outcome outcome = run(args);
    EXPECT_EQ(outcome.status, kExitDone);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(has(outcome.out, "Usage: tapeline")) << outcome.out;
    EXPECT_TRUE(has(outcome.out, "Example")) << outcome.out;
  }
  EXPECT_EQ(replays_, 0);
}

TEST_F(Cli, help_names_every_option_and_fits_the_screen) {
  std::vector<std::string> pages{help_text(nullptr, ""), help_text(nullptr, "journal")};
  for (const CommandRow& command : command_table()) {
    pages.push_back(help_text(&command, ""));
    EXPECT_TRUE(has(pages.front(), std::string(command.name))) << command.name;
    for (const OptionRow& row : command.options()) {
      EXPECT_TRUE(has(pages.back(), std::string(row.name))) << row.name;
    }
  }
  for (const std::string& text : pages) {
    std::istringstream page(text);
    for (std::string line; std::getline(page, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST_F(Cli, version_tells_what_was_built) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out.rfind("tapeline 0.1.0 (commit ", 0), 0U) << outcome.out;
  for (const char* part : {"compiler: ", "build type: ", "architecture flags: -march=",
                           "journal format: 1\n", "optional parts: zstd, xz, gzip"}) {
    EXPECT_TRUE(has(outcome.out, part)) << outcome.out;
  }
}

TEST_F(Cli, check_without_a_file_says_so) {
  const Outcome outcome = run({"check"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(
      outcome.err,
      "no configuration file: no tapeline.yaml is here and no --config FILE was given, so the "
      "defaults are in force\n");
  EXPECT_EQ(run({"check", "--quiet"}).err, "");
}

TEST_F(Cli, check_accepts_a_good_file) {
  const std::string path = file("good.yaml", "stream: {disorder: 5s}\n");
  const Outcome outcome = run({"--config", path, "check"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, path + ": ok (1 key set)\n");
  EXPECT_EQ(run({"check", "--config=" + path}).status, kExitDone) << "behind the command too";
}

TEST_F(Cli, check_says_when_candles_would_be_compared_with_nothing) {
  const auto says = [this](const std::string& text) {
    return has(run({"--config", file("some.yaml", text), "check"}).err,
               "stream.intervals has no 1m");
  };
  EXPECT_TRUE(says("stream: {intervals: [1s, 5m]}\n"));
  EXPECT_FALSE(says("stream: {intervals: [1s, 1m]}\n"));
  const std::string seconds = "stream: {intervals: [1s]}\nfeeds:\n  - {venue: binance, ";
  EXPECT_TRUE(says(seconds + "symbols: [BTC-USDT]}\n"));
  EXPECT_FALSE(says(seconds + "symbols: [BTC-USDT], candles: off}\n"));
}

TEST_F(Cli, check_shows_what_is_in_force) {
  const std::string path = file("good.yaml", "stream: {disorder: 5s}\n");
  const Outcome outcome = run(
      {"--config", path, "--set", "stream.shards=4", "--set", "data_dir=/x", "check", "--show"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_TRUE(has(outcome.out, "stream.disorder: 5s"));
  EXPECT_TRUE(has(outcome.out, "# " + path + ":1\n"));
  EXPECT_TRUE(has(outcome.out, "stream.shards: 4"));
  EXPECT_TRUE(has(outcome.out, "# --set\n"));
}

TEST_F(Cli, check_names_every_mistake) {
  const std::string path =
      file("bad.yaml",
           "data_dir: ./data\nfeeds:\n  - venue: coinbase\n    symbol: [BTC-USD]\n"
           "  - venue: coinbse\n    symbols: [ETH-USD]\n");
  const std::string want =
      path + ":4: feeds[0].symbol: unknown key (did you mean \"symbols\"?)\n" + path +
      ":5: feeds[1].venue: unknown venue \"coinbse\" (did you mean \"coinbase\"? known: coinbase, "
      "binance)";
  expect_mistake({"--config", path, "check"}, want);
  expect_mistake({"--config", path, "check", "--show", "--quiet"}, want);
  expect_mistake({"--config", "/nonexistent/x.yaml", "check"},
                 "/nonexistent/x.yaml: No such file or directory");
  expect_mistake(
      {"--set", "stream.disorder=x", "check"},
      "--set stream.disorder: \"x\" is not a duration (allowed: 0s to 7d, like 500ms, 2s "
      "or 5m)");
}

TEST_F(Cli, a_run_with_a_mistake_in_its_configuration_makes_no_folder) {
  const std::string data = testing::TempDir() + "tapeline_cli_no_folder/data";
  const std::string path = file("ca.yaml", "data_dir: " + data +
                                               "\nfeeds:\n  - venue: coinbase\n    symbols: "
                                               "[BTC-USD]\n    ca_file: /nonexistent/ca.pem\n");
  const std::string want =
      path + ":5: feeds[0].ca_file: /nonexistent/ca.pem: No such file or directory";
  for (const char* command : {"run", "record"}) {
    expect_mistake({"--config", path, command}, want);
    EXPECT_FALSE(std::filesystem::exists(testing::TempDir() + "tapeline_cli_no_folder"));
  }
}

TEST_F(Cli, help_names_the_options_of_every_command_everywhere) {
  for (const GlobalOption& option : global_options()) {
    EXPECT_TRUE(has(help_text(nullptr, ""), std::string(option.name))) << option.name;
    for (const CommandRow& command : command_table()) {
      EXPECT_NE(has(help_text(&command, ""), std::string(option.name)), option.needs_no_command)
          << option.name;
    }
  }
}

TEST_F(Cli, options_need_their_value) {
  expect_mistake({"--config="}, "tapeline: --config: needs a value");
  expect_mistake({"--config", "", "check"}, "tapeline: --config: needs a path");
  expect_mistake({"--config", "a", "--config", "b", "check"},
                 "tapeline: --config: given more than once");
  const Outcome outcome = run({"check", "--config"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_TRUE(has(outcome.err, "--config")) << outcome.err;
  expect_mistake({"check", "--config"}, "tapeline: --config: needs a value");
  expect_mistake({"replay", "x", "-i"}, "tapeline: --instrument: needs a value");
}

TEST_F(Cli, flags_take_no_value) {
  expect_mistake({"check", "--show=maybe"}, "tapeline: --show: takes no value");
  expect_mistake({"--quiet=5", "check"}, "tapeline: --quiet: takes no value");
}

// A stream that is full.
class FullBuffer : public std::streambuf {};

TEST_F(Cli, output_that_cannot_be_written_is_a_failure) {
  FullBuffer buffer;
  std::ostream out(&buffer);
  std::ostringstream err;
  const Environment env{.out = out, .err = err, .clock = clock_, .stop = stop_};
  EXPECT_EQ(run_cli({"--help"}, env), kExitFailed);
  EXPECT_EQ(err.str(), "tapeline: standard output: could not be written\n");
}

TEST_F(CliFixture, a_time_that_ends_before_it_begins_is_a_mistake) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"verify"}, {"audit"}, {"journal", "cat"}}) {
    for (const char* to : {"2024-01-01T00:00:00Z", "2023-12-31T23:59:59.999999999Z"}) {
      std::vector<std::string> args = command;
      args.insert(args.end(), {"--from", "2024-01-01T00:00:00Z", "--to", to});
      expect_mistake(args, "tapeline: --from: must be before --to");
    }
  }
}

TEST_F(CliFixture, a_repair_and_a_comparison_are_two_things) {
  expect_mistake({"audit", "--repair", "--reconcile"},
                 "tapeline: --repair: does not go with --reconcile, since bars follow a repair by "
                 "and by; repair first, then reconcile");
}

TEST_F(CliFixture, a_history_is_bounded_and_the_bound_is_named) {
  for (const char* length : {"0", "0s", "59s", "31d", "-1d", "soon"}) {
    const Outcome outcome = run({"run", "--history", length});
    EXPECT_EQ(outcome.status, kExitWrongUse) << length;
    EXPECT_EQ(outcome.err.find("tapeline: --history: "), 0U) << outcome.err;
    EXPECT_NE(outcome.err.find("1m to 30d"), std::string::npos) << outcome.err;
  }
}

TEST_F(CliFixture, a_repair_is_of_everything) {
  for (const std::vector<std::string>& which : {std::vector<std::string>{"-i", "coinbase:BTC-USDD"},
                                                {"--from", "2024-01-01T00:00:00Z"},
                                                {"--to", "2024-01-01T00:00:00Z"}}) {
    std::vector<std::string> args{"audit", "--repair"};
    args.insert(args.end(), which.begin(), which.end());
    expect_mistake(args,
                   "tapeline: --repair: asks for everything that is missing, so --instrument, "
                   "--from and --to do not go with it; audit them after the repair");
  }
}

}  // namespace
}  // namespace tapeline::app
