// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "app/cli_fixture.h"
#include "app/config/schema.h"
#include "app/global_options.h"

namespace tapeline::app {
namespace {

class ManPage : public CliFixture {
 protected:
  ManPage() {
    const Outcome outcome = run({"man"});
    EXPECT_EQ(outcome.status, kExitDone);
    EXPECT_EQ(outcome.err, "");
    page_ = outcome.out;
  }

  static std::string say(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                     ::pclose);
    std::string text;
    std::array<char, 4096> chunk{};
    for (std::size_t n = 1; n > 0; text.append(chunk.data(), n)) {
      n = std::fread(chunk.data(), 1, chunk.size(), pipe.get());
    }
    return text;
  }

  std::string page_;
};

// It has no date, because two builds of the same tree say the same.
TEST_F(ManPage, mandoc_and_groff_have_nothing_else_to_say_of_it) {
  const auto lint = [this](const std::string& name, const std::string& text) {
    const std::string path = file(name, text);
    return say("mandoc -T lint -W warning " + path + " | grep -v 'missing date, using'; " +
               "groff -man -ww -z -K utf8 " + path);
  };
  EXPECT_EQ(lint("man.1", page_), "");
  const std::string wrong = lint("wrong.1", page_ + ".TP\n.NOSUCH\n");
  EXPECT_NE(wrong.find("mandoc: "), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("NOSUCH' not defined"), std::string::npos) << wrong;
}

TEST_F(ManPage, shows_every_command_option_and_key_as_they_are_typed) {
  const std::string shown =
      say("mandoc -T ascii -O width=200 " + file("man.1", page_) + " | sed 's/.\\x08//g'");
  for (const CommandRow& row : command_table()) {
    EXPECT_NE(shown.find("tapeline " + std::string(row.name)), std::string::npos) << row.name;
    for (const OptionRow& option : row.options()) {
      EXPECT_NE(shown.find(std::string(option.name)), std::string::npos) << option.name;
    }
  }
  for (const GlobalOption& option : global_options()) {
    EXPECT_NE(shown.find(std::string(option.name)), std::string::npos) << option.name;
  }
  for (const config::Key& key : config::schema()) {
    EXPECT_NE(shown.find(std::string(key.path)), std::string::npos) << key.path;
  }
  EXPECT_NE(shown.find("tapeline sql \"SELECT start, close FROM bars WHERE interval = '1m'"),
            std::string::npos);
}

}  // namespace
}  // namespace tapeline::app
