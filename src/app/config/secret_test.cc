// SPDX-License-Identifier: Apache-2.0
// Secrets and variables of the environment in a configuration: read, and never shown.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "app/config/load.h"

namespace tapeline::app::config {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kToken = "hunter2-hunter2";

class ConfigSecret : public testing::Test {
 protected:
  void TearDown() override {
    std::filesystem::remove(path_);
    std::filesystem::remove(token_path_);
  }

  // A feed with these lines; no mistake and no list of what is in force ever shows the token.
  Checked load_feed(const std::string& lines, const Texts& sets = {}) {
    std::ofstream(path_, std::ios::binary) << "feeds:\n  - venue: coinbase\n" << lines;
    Checked checked = load({.file = path_, .sets = sets},
                           {.venues = {"coinbase"},
                            .variable = [this](const char* name) { return variables_[name]; }});
    for (const std::string& mistake : checked.mistakes) {
      EXPECT_EQ(mistake.find("hunter2"), std::string::npos) << mistake;
    }
    EXPECT_EQ(show(checked, path_).find("hunter2"), std::string::npos);
    return checked;
  }

  std::string token_file(const std::string& content) {
    std::ofstream(token_path_, std::ios::binary) << content;
    return "    token_file: " + token_path_ + "\n";
  }

  const std::string name_ = testing::TempDir() + "tapeline_secret_test_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = name_ + ".yaml";
  const std::string token_path_ = name_ + ".token";
  std::map<std::string, std::string> variables_{{"TOKEN", kToken}};
};

TEST_F(ConfigSecret, comes_from_the_environment) {
  const Checked checked = load_feed("    token: ${TOKEN}\n");
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(checked.config.feeds.at(0).token.reveal(), kToken);
  EXPECT_NE(show(checked, "F").find("feeds[0].token: *** "), std::string::npos)
      << show(checked, "F");
  EXPECT_NE(show(load_feed(""), "F").find("feeds[0].token: \"\" "), std::string::npos);
}

TEST_F(ConfigSecret, comes_from_a_file) {
  for (const char* end : {"", "\n", "\r\n"}) {
    const Checked checked = load_feed(token_file(std::string(kToken) + end));
    EXPECT_EQ(checked.mistakes, Texts{});
    EXPECT_EQ(checked.config.feeds.at(0).token.reveal(), kToken);
  }
  variables_["HOME"] = std::filesystem::path(token_path_).parent_path().string();
  variables_["FILE"] = std::filesystem::path(token_path_).filename().string();
  const Checked checked = load_feed("    token_file: ~/${FILE}\n");
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(checked.config.feeds.at(0).token.reveal(), kToken);
}

TEST_F(ConfigSecret, never_comes_from_the_command_line) {
  EXPECT_EQ(load_feed("", {"feeds[0].token=hunter2"}).mistakes,
            Texts{"--set feeds[0].token: a secret is not for the command line, which others can "
                  "read (allowed: ${NAME} of the environment; or say token_file)"});
  token_file(kToken);
  EXPECT_EQ(load_feed("", {"feeds[0].token_file=" + token_path_}).mistakes, Texts{});
  EXPECT_EQ(load_feed("", {"feeds[0].proxy=http://me:hunter2@p:1"}).mistakes,
            Texts{"--set feeds[0].proxy: a secret is not for the command line, which others can "
                  "read (allowed: http://[USER:PASSWORD@]HOST:PORT; a password from ${NAME})"});
  EXPECT_EQ(load_feed("", {"feeds[0].proxy=http://p:1"}).mistakes, Texts{});
}

TEST_F(ConfigSecret, the_password_of_a_proxy_is_never_shown) {
  variables_["PROXY"] = "http://me:hunter2@p:1";
  const Checked checked = load_feed("    proxy: ${PROXY}\n");
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(checked.config.feeds.at(0).proxy, "http://me:hunter2@p:1");
  const std::string shown = show(checked, path_);
  EXPECT_EQ(shown.find("hunter2"), std::string::npos) << shown;
  EXPECT_NE(shown.find("http://***@p:1"), std::string::npos) << shown;
  EXPECT_EQ(load_feed("    proxy: http://me:hunter2@p\n").mistakes,
            Texts{path_ + ":3: feeds[0].proxy: \"http://***@p\" is not a proxy (allowed: "
                          "http://[USER:PASSWORD@]HOST:PORT)"});
}

TEST_F(ConfigSecret, mistakes_name_the_place) {
  EXPECT_EQ(load_feed("    token: ${NAME}\n").mistakes,
            Texts{path_ + ":3: feeds[0].token: ${NAME} is not set in the environment"});
  variables_["BLANK"] = "hunter2 hunter2";
  EXPECT_EQ(load_feed("    token: ${BLANK}\n").mistakes,
            Texts{path_ +
                  ":3: feeds[0].token: must hold printable ASCII characters only, without blanks"});
  EXPECT_EQ(load_feed("    token: hunter2${x y}\n").mistakes,
            Texts{path_ +
                  ":3: feeds[0].token: \"${\" begins no ${NAME} of the environment ($${ stands for "
                  "${ itself)"});
  EXPECT_EQ(load_feed("    token: [hunter2]\n").mistakes,
            Texts{path_ +
                  ":3: feeds[0].token: expected a secret (allowed: ${NAME} of the environment; or "
                  "say token_file), found a list"});
  EXPECT_EQ(
      load_feed("    token_file: /nonexistent/token\n").mistakes,
      Texts{path_ + ":3: feeds[0].token_file: /nonexistent/token: No such file or directory"});
  EXPECT_EQ(load_feed(token_file("")).mistakes,
            Texts{path_ + ":3: feeds[0].token_file: its content must not be empty"});
  EXPECT_EQ(load_feed(token_file("hunter2\nhunter2\n")).mistakes.size(), 1U);
  EXPECT_EQ(
      load_feed(token_file(kToken) + "    token: ${TOKEN}\n").mistakes,
      Texts{path_ + ":4: feeds[0].token: token and token_file are both given; one is enough"});
  EXPECT_EQ(
      load_feed("    token: ${TOKEN}\n" + token_file(kToken)).mistakes,
      Texts{path_ + ":4: feeds[0].token_file: token and token_file are both given; one is enough"});
}

TEST_F(ConfigSecret, a_variable_in_the_wrong_place_is_not_shown) {
  EXPECT_EQ(
      load_feed("    backfill: ${TOKEN}\nstream: {disorder: \"${TOKEN}\"}\n").mistakes,
      (Texts{path_ + ":3: feeds[0].backfill: \"${TOKEN}\" is not allowed (allowed: true, "
                     "false)",
             path_ + ":4: stream.disorder: \"${TOKEN}\" is not a duration (allowed: 0s to 7d, "
                     "like 500ms, 2s or 5m)"}));
  EXPECT_EQ(
      load_feed("    ca_file: /nonexistent/${TOKEN}\n").mistakes,
      Texts{path_ + ":3: feeds[0].ca_file: /nonexistent/${TOKEN}: No such file or directory"});
}

TEST_F(ConfigSecret, variables_stand_anywhere_in_a_text_of_the_file) {
  variables_["DIR"] = "/srv";
  variables_["N"] = "4";
  variables_["COIN"] = "BTC";
  const Checked checked = load_feed(
      "    symbols: [\"${COIN}-USD\"]\ndata_dir: ${DIR}/tapeline\nstream: {shards: \"${N}\"}\n");
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(checked.config.feeds.at(0).symbols, Texts{"BTC-USD"});
  EXPECT_EQ(checked.config.data_dir, "/srv/tapeline");
  EXPECT_EQ(checked.config.stream.shards, 4U);
  EXPECT_EQ(load_feed("", {"data_dir=${DIR}"}).config.data_dir, "${DIR}") << "that is the shell's";
}

}  // namespace
}  // namespace tapeline::app::config
