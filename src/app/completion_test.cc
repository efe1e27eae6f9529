// SPDX-License-Identifier: Apache-2.0
// The scripts in the shells that they are for.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

#include "app/cli_fixture.h"

namespace tapeline::app {
namespace {

class Completion : public CliFixture {
 protected:
  std::string script(const std::string& shell) {
    const Outcome outcome = run({"completion", shell});
    EXPECT_EQ(outcome.status, kExitDone) << outcome.err;
    return file(shell, outcome.out);
  }

  // What a program says in a shell, its words sorted.
  std::string say(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                     ::pclose);
    std::string text;
    std::array<char, 4096> chunk{};
    for (std::size_t n = 1; n > 0; text.append(chunk.data(), n)) {
      n = std::fread(chunk.data(), 1, chunk.size(), pipe.get());
    }
    std::vector<std::string> words;
    std::istringstream in(text);
    for (std::string word; in >> word;) words.push_back(word);
    std::sort(words.begin(), words.end());
    std::string sorted;
    for (const std::string& word : words) sorted += (sorted.empty() ? "" : " ") + word;
    return sorted;
  }

  // The cursor stands at the end of the line.
  std::string bash(const std::string& line) {
    return say("bash -c '. " + script("bash") + "; COMP_LINE=\"" + line + "\"; COMP_POINT=" +
               std::to_string(line.size()) + "; _tapeline; echo \"${COMPREPLY[@]}\"'");
  }
  // zsh's own completion runs only in its line editor: what it would be told is looked at here.
  std::string zsh(const std::string& words) {
    return say(
        "zsh -f -c 'compdef() { :; }; _files() { print FILES; }; "
        "compset() { words[CURRENT]=${words[CURRENT]#*=}; }; "
        "compadd() { shift; print -l -- ${(M)@:#${words[CURRENT]}*}; }; . " +
        script("zsh") + "; words=(" + words + "); CURRENT=${#words}; _tapeline'");
  }
  std::string fish(const std::string& line) {
    return say("HOME=" + testing::TempDir() + " fish --no-config -c 'source " + script("fish") +
               "; complete -C \"" + line + "\"'");
  }
};

TEST_F(Completion, bash_knows_commands_options_and_values) {
  EXPECT_EQ(bash("tapeline re"), "record replay");
  EXPECT_EQ(bash("tapeline journal "),
            "--config --data-dir --help --log-format --log-level --quiet --set cat check import ls "
            "seal");
  EXPECT_EQ(bash("tapeline --data-dir x journal cat --ty"), "--type");
  EXPECT_EQ(bash("tapeline replay --emit "), "bars coverage gaps quotes trades");
  EXPECT_EQ(bash("tapeline replay --emit bars --rev"), "--revisions");
  EXPECT_EQ(bash("tapeline completion z"), "zsh");
  EXPECT_EQ(bash("tapeline sql --format "), "csv jsonl table");
  EXPECT_EQ(bash("tapeline check --c"), "--config --connect");
  EXPECT_EQ(bash("tapeline replay /et"), "/etc");
  EXPECT_EQ(bash("tapeline --config /et"), "/etc");
  EXPECT_EQ(bash("tapeline --log-level "), "debug error info off warn");
  EXPECT_EQ(bash("tapeline replay --log-format=j"), "json");
  EXPECT_EQ(bash("tapeline --log-level info re"), "record replay");
  EXPECT_EQ(bash("tapeline --set a=b --config=x:y replay --emit=b"), "bars");
  EXPECT_EQ(bash("tapeline replay -i coinbase:BTC-USD --venue "), "binance coinbase");
}

TEST_F(Completion, zsh_knows_them_too) {
  EXPECT_EQ(zsh("tapeline re"), "record replay");
  EXPECT_EQ(zsh("tapeline --data-dir x journal cat --ty"), "--type");
  EXPECT_EQ(zsh("tapeline replay --emit \"\""), "bars coverage gaps quotes trades");
  EXPECT_EQ(zsh("tapeline replay --rev"), "--revisions FILES");
  EXPECT_EQ(zsh("tapeline check --log-level w"), "warn");
  EXPECT_EQ(zsh("tapeline --set a=b replay --emit=b"), "bars");
}

TEST_F(Completion, fish_knows_them_too) {
  EXPECT_EQ(fish("tapeline re"), "record replay");
  EXPECT_EQ(fish("tapeline --data-dir x journal cat --ty"), "--type");
  EXPECT_EQ(fish("tapeline replay --emit "), "bars coverage gaps quotes trades");
  EXPECT_EQ(fish("tapeline replay /et"), "/etc/");
  EXPECT_EQ(fish("tapeline check --log-level w"), "warn");
  EXPECT_EQ(fish("tapeline --config /et"), "/etc/");
}

TEST_F(Completion, of_an_unknown_shell_is_a_mistake) {
  expect_mistake({"completion", "tcsh"},
                 "tapeline: completion: \"tcsh\" is not allowed (allowed: bash, zsh, fish)");
  expect_mistake({"completion"}, "tapeline: completion: say for which shell: bash, zsh or fish");
}

}  // namespace
}  // namespace tapeline::app
