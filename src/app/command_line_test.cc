// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "app/command_table.h"
#include "app/global_options.h"

namespace tapeline::app {
namespace {

using Texts = std::vector<std::string>;

CommandLine parse(const Texts& args) {
  auto line = parse_command_line(args);
  EXPECT_TRUE(line) << line.error();
  return line ? std::move(*line) : CommandLine{};
}

TEST(CommandLine, an_option_takes_one_word_and_the_next_is_an_input) {
  const CommandLine line =
      parse({"replay", "-i", "a:*", "x.csv", "--interval", "1m", "y.csv", "-"});
  EXPECT_EQ(line.command->name, "replay");
  EXPECT_EQ(line.inputs, (Texts{"x.csv", "y.csv", "-"}));
  ASSERT_EQ(line.options.size(), 2U);
  EXPECT_EQ(line.options[0].row->name, "--instrument");
  EXPECT_EQ(line.options[0].texts, Texts{"a:*"});
}

TEST(CommandLine, repeatable_options_keep_every_value) {
  const CommandLine line = parse({"replay", "x", "-ia:b", "--instrument=c:d", "-i", "e:f"});
  ASSERT_EQ(line.options.size(), 1U);
  EXPECT_EQ(line.options[0].texts, (Texts{"a:b", "c:d", "e:f"}));
}

TEST(CommandLine, other_options_are_given_once) {
  EXPECT_EQ(parse_command_line({"replay", "x", "--emit", "bars", "--emit", "bars"}).error(),
            "--emit: given more than once");
}

TEST(CommandLine, words_that_look_like_something_else_are_inputs) {
  EXPECT_EQ(parse({"replay", "check"}).inputs, Texts{"check"});
  EXPECT_EQ(parse({"replay", "[a,b]"}).inputs, Texts{"[a,b]"});
  EXPECT_EQ(parse({"replay", "--", "--emit", "-x"}).inputs, (Texts{"--emit", "-x"}));
  EXPECT_EQ(parse({"replay", "x", "--", "--output="}).inputs, (Texts{"x", "--output="}));
  EXPECT_EQ(parse({"replay", "a b", "c,d"}).inputs, (Texts{"a b", "c,d"}));
}

TEST(CommandLine, values_are_taken_as_they_are) {
  const CommandLine line = parse({"replay", "x", "--lateness", "-5s", "--venue", "[a,b]", "--set",
                                  "stream.intervals=[1m,5m]", "--output=a=b"});
  EXPECT_EQ(line.sets, Texts{"stream.intervals=[1m,5m]"});
  ASSERT_EQ(line.options.size(), 3U);
  EXPECT_EQ(line.options[0].texts, Texts{"[a,b]"});
  EXPECT_EQ(line.options[1].texts, Texts{"-5s"});
  EXPECT_EQ(line.options[2].texts, Texts{"a=b"});
}

TEST(CommandLine, global_options_stand_anywhere) {
  for (const Texts& args : {Texts{"--quiet", "--config", "F", "--set", "a=b", "check", "--show"},
                            Texts{"check", "--show", "--set", "a=b", "--config", "F", "--quiet"}}) {
    const CommandLine line = parse(args);
    EXPECT_EQ(line.command->name, "check");
    EXPECT_TRUE(line.quiet);
    ASSERT_EQ(line.options.size(), 1U);
    EXPECT_EQ(line.options[0].row->name, "--show");
    EXPECT_EQ(line.config_file, "F");
    EXPECT_EQ(line.sets, Texts{"a=b"});
  }
}

TEST(CommandLine, the_log_is_chosen_by_words) {
  EXPECT_EQ(parse({"check"}).log_level, LogLevel::kInfo);
  EXPECT_EQ(parse({"check"}).log_format, LogFormat::kText);
  const CommandLine line = parse({"--log-level", "debug", "check", "--log-format=json"});
  EXPECT_EQ(line.log_level, LogLevel::kDebug);
  EXPECT_EQ(line.log_format, LogFormat::kJson);
  for (const auto& [word, level] : kLogLevels) {
    EXPECT_EQ(parse({"--log-level", std::string(word), "check"}).log_level, level);
  }
  EXPECT_EQ(parse_command_line({"check", "--log-level", "debg"}).error(),
            "--log-level: \"debg\" is not allowed (did you mean \"debug\"? allowed: debug, info, "
            "warn, error, off)");
  EXPECT_EQ(parse_command_line({"check", "--log-format", "xml"}).error(),
            "--log-format: \"xml\" is not allowed (allowed: text, json)");
  EXPECT_EQ(parse_command_line({"check", "--log-level=info", "--log-level=info"}).error(),
            "--log-level: given more than once");
}

TEST(CommandLine, the_words_of_global_options_are_taken) {
  for (const GlobalOption& option : global_options()) {
    std::istringstream words{std::string(option.words)};
    for (std::string word; words >> word;) {
      EXPECT_TRUE(parse_command_line({"check", std::string(option.name), word})) << word;
    }
  }
}

TEST(CommandLine, any_words_end_as_a_command_line_or_a_sentence) {
  const Texts words{"replay",  "journal", "import", "ls",   "check", "--emit",
                    "--emit=", "--",      "-",      "-i",   "-",     "--quiet",
                    "--set",   "x",       "--help", "-h",   "---",   "=",
                    "--=",     "-=",      "++",     "[]",   "",      "--show",
                    "\n",      "--x=y",   "{}",     "-iii", "--i=[", "--no-x"};
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    std::mt19937 rng(seed);
    Texts args;
    for (auto left = rng() % 6; left > 0; --left) args.push_back(words[rng() % words.size()]);
    const auto line = parse_command_line(args);
    if (!line) {
      EXPECT_FALSE(line.error().empty()) << "seed " << seed;
      EXPECT_EQ(line.error().find('\n'), std::string::npos) << "seed " << seed << line.error();
    }
  }
}

}  // namespace
}  // namespace tapeline::app
