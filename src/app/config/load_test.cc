// SPDX-License-Identifier: Apache-2.0
#include "app/config/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/config/schema.h"

namespace tapeline::app::config {
namespace {

using Texts = std::vector<std::string>;

const Surroundings kTwoVenues{.venues = {"binance", "coinbase"}};

class ConfigLoad : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  Checked load_text(const std::string& text, const Texts& sets = {}) {
    std::ofstream(path_, std::ios::binary) << text;
    return load({.file = path_, .sets = sets}, kTwoVenues);
  }

  std::string path_ = testing::TempDir() + "tapeline_load_test_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

TEST_F(ConfigLoad, without_a_file_the_defaults_are_in_force) {
  const Checked checked = load({}, kTwoVenues);
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(show(checked, ""),
            "data_dir: ~/.local/share/tapeline            # default\n"
            "feeds: []                                    # default\n"
            "journal.fsync: batch                         # default\n"
            "journal.segment_bytes: 128MiB                # default\n"
            "journal.retain.age: off                      # default\n"
            "journal.retain.bytes: off                    # default\n"
            "journal.reserve_bytes: auto                  # default\n"
            "stream.intervals: [1s, 1m, 5m, 15m, 1h, 1d]  # default\n"
            "stream.disorder: 2s                          # default\n"
            "stream.lateness: 1d                          # default\n"
            "stream.idle_timeout: 10s                     # default\n"
            "stream.shards: 1                             # default\n"
            "stream.conditions.regular: all               # default\n"
            "stream.conditions.intermarket_sweep: all     # default\n"
            "stream.conditions.odd_lot: volume            # default\n"
            "stream.conditions.extended_hours: fallback   # default\n"
            "stream.conditions.unknown: all               # default\n"
            "checkpoint.every: 30s                        # default\n"
            "checkpoint.keep: 3                           # default\n"
            "store.kind: duckdb                           # default\n"
            "serve.listen: 127.0.0.1:8080                 # default\n");
}

TEST_F(ConfigLoad, data_dir_comes_from_the_command_line_or_set_or_the_environment_or_the_file) {
  std::ofstream(path_, std::ios::binary) << "data_dir: /file\n";
  Given given{.file = path_};
  Surroundings surroundings = kTwoVenues;
  const auto shown = [&] { return show(load(given, surroundings), "F"); };
  EXPECT_EQ(load(given, kTwoVenues).config.data_dir, "/file");
  surroundings.variable = [](const char* name) -> std::string {
    return name == std::string("TAPELINE_DATA") ? "/environment" : "";
  };
  EXPECT_NE(shown().find("data_dir: /environment                       # $TAPELINE_DATA\n"),
            std::string::npos)
      << shown();
  given.sets = {"data_dir=/set"};
  EXPECT_NE(shown().find("data_dir: /set                               # --set\n"),
            std::string::npos)
      << shown();
  given.data_dir = "/line";
  EXPECT_NE(shown().find("data_dir: /line                              # --data-dir\n"),
            std::string::npos)
      << shown();
}

TEST_F(ConfigLoad, shows_every_key_of_the_schema) {
  const Checked checked = load_text("feeds:\n  - venue: coinbase\n");
  const std::string text = "\n" + show(checked, path_);
  for (const Key& key : schema()) {
    std::string path(key.path);
    if (const auto at = path.find("[]"); at != std::string::npos) path.replace(at, 2, "[0]");
    const bool is_group = key.shape == Shape::kGroup || key.shape == Shape::kGroupList;
    EXPECT_NE(text.find("\n" + path + (is_group ? "" : ": ")), std::string::npos) << path << text;
  }
}

TEST_F(ConfigLoad, shows_where_values_come_from) {
  const Checked checked =
      load_text("feeds:\n  - venue: coinbase\n    symbols: [A, B]\nstream:\n  disorder: 3s\n",
                {"stream.lateness=1h"});
  EXPECT_EQ(checked.mistakes, Texts{});
  const std::string text = show(checked, "F");
  for (const char* line : {"feeds[0].venue: coinbase                     # F:2\n",
                           "feeds[0].symbols: [A, B]                     # F:3\n",
                           "feeds[0].channels: [trades, quotes]          # default\n",
                           "stream.disorder: 3s                          # F:5\n",
                           "stream.lateness: 1h                          # --set\n"}) {
    std::string packed;
    for (const char c : std::string(line)) {
      if (c != ' ' || packed.empty() || packed.back() != ' ') packed += c;
    }
    std::string packed_text;
    for (const char c : text) {
      if (c != ' ' || packed_text.empty() || packed_text.back() != ' ') packed_text += c;
    }
    EXPECT_NE(packed_text.find(packed), std::string::npos) << packed << "in\n" << text;
  }
}

TEST_F(ConfigLoad, sets_win_over_the_file_and_the_last_one_wins) {
  const Checked checked = load_text(
      "stream: {disorder: 3s, intervals: [1h]}\n",
      {"stream.disorder=4s", "stream.disorder=5s", "stream.intervals=5m,1m", "data_dir=/x=y"});
  EXPECT_EQ(checked.mistakes, Texts{});
  EXPECT_EQ(checked.config.stream.disorder, std::chrono::seconds(5));
  EXPECT_EQ(checked.config.stream.intervals,
            (std::vector<Duration>{std::chrono::minutes(1), std::chrono::minutes(5)}));
  EXPECT_EQ(checked.config.data_dir, "/x=y");
  EXPECT_TRUE(checked.origins.at("stream.disorder").by == "--set");
}

TEST_F(ConfigLoad, sets_reach_feeds_by_number) {
  const Checked checked =
      load_text("feeds:\n  - venue: coinbase\n",
                {"feeds[0].symbols=[BTC-USD, ETH-USD]", "feeds[1].venue=binance"});
  EXPECT_EQ(checked.mistakes, Texts{});
  ASSERT_EQ(checked.config.feeds.size(), 2U);
  EXPECT_EQ(checked.config.feeds[0].venue, "coinbase");
  EXPECT_EQ(checked.config.feeds[0].symbols, (Texts{"BTC-USD", "ETH-USD"}));
  EXPECT_EQ(checked.config.feeds[1].venue, "binance");
}

TEST_F(ConfigLoad, sets_reach_groups_within_groups) {
  const Texts sets{"journal.retain.age=7d", "journal.retain.bytes=1GiB", "serve.listen=[::1]:1"};
  const Checked alone = load({.sets = sets}, kTwoVenues);
  EXPECT_EQ(alone.mistakes, Texts{});
  EXPECT_EQ(alone.config.journal.retain.age, std::chrono::days(7));
  EXPECT_EQ(alone.config.serve.listen, "[::1]:1");
  const Checked over =
      load_text("journal: {retain: {age: 1d, bytes: 1MiB}}\n", {"journal.retain.age=off"});
  EXPECT_EQ(over.mistakes, Texts{});
  EXPECT_EQ(over.config.journal.retain.age, std::nullopt);
  EXPECT_EQ(over.config.journal.retain.bytes, std::uint64_t{1} << 20);
  EXPECT_EQ(
      load_text("journal: {retain: 7d}\n", {"journal.retain.age=off"}).mistakes,
      Texts{path_ + ":1: journal.retain: expected a group of keys (allowed: age, bytes), found one "
                    "value"});
}

TEST_F(ConfigLoad, mistakes_of_sets_are_named_as_sets) {
  const auto mistakes = [](const Texts& sets) { return load({.sets = sets}, kTwoVenues).mistakes; };
  EXPECT_EQ(mistakes({"stream.disorder=5x", "stream.shards=99"}),
            (Texts{"--set stream.disorder: \"5x\" is not a duration (allowed: 0s to 7d, like "
                   "500ms, 2s or 5m)",
                   "--set stream.shards: \"99\" is out of range (allowed: 1 to 64, or auto)"}));
  EXPECT_EQ(mistakes({"strem.disorder=5s"}),
            Texts{"--set strem.disorder: unknown key (did you mean \"stream.disorder\"?)"});
  EXPECT_EQ(mistakes({"zzz=1"}), Texts{"--set zzz: unknown key"});
  EXPECT_EQ(mistakes({"stream=1"}),
            Texts{"--set stream: not a value; its keys are intervals, disorder, lateness, "
                  "idle_timeout, shards, conditions"});
  EXPECT_EQ(mistakes({"feeds=coinbase"}),
            Texts{"--set feeds: not a value; its keys are venue, symbols, channels, lines, "
                  "endpoint, rest_endpoint, ca_file, proxy, token, token_file, backfill, "
                  "instruments, candles, history"});
  EXPECT_EQ(mistakes({"stream.disorder"}),
            Texts{"--set stream.disorder: expected KEY=VALUE, like stream.disorder=5s"});
  EXPECT_EQ(mistakes({"=5s"}), Texts{"--set : expected KEY=VALUE, like stream.disorder=5s"});
  EXPECT_EQ(mistakes({"feeds[3].venue=coinbase"}),
            Texts{"--set feeds[3].venue: there are 0 feeds; the next one is feeds[0]"});
  EXPECT_EQ(mistakes({"feeds[0].venue=coinbse"}),
            Texts{"--set feeds[0].venue: unknown venue \"coinbse\" (did you mean \"coinbase\"? "
                  "known: binance, coinbase)"});
  EXPECT_EQ(mistakes({"feeds[].venue=coinbase"}),
            Texts{"--set feeds[].venue: needs a number between the brackets, like feeds[0].venue"});
  EXPECT_EQ(mistakes({"feeds[99999999999999999999].venue=coinbase"}).size(), 1U);
  EXPECT_EQ(mistakes({"stream.intervals="}), Texts{"--set stream.intervals: must not be empty"});
}

TEST_F(ConfigLoad, a_wrong_shape_in_the_file_is_still_named) {
  const Texts want{path_ +
                   ":1: stream: expected a group of keys (allowed: intervals, disorder, "
                   "lateness, idle_timeout, shards, conditions), found one value"};
  EXPECT_EQ(load_text("stream: 5\n", {"stream.disorder=5s"}).mistakes, want);
}

TEST_F(ConfigLoad, files_that_cannot_be_read_or_parsed_are_named) {
  EXPECT_EQ(load({.file = "/nonexistent/x.yaml"}, kTwoVenues).mistakes,
            Texts{"/nonexistent/x.yaml: No such file or directory"});
  const Texts mistakes = load_text("stream: {disorder: 2s\n", {"zzz=1"}).mistakes;
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_TRUE(mistakes[0].starts_with(path_ + ":1: YAML: ")) << mistakes[0];
  EXPECT_EQ(mistakes[1], "--set zzz: unknown key");
}

}  // namespace
}  // namespace tapeline::app::config
