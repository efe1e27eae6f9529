// SPDX-License-Identifier: Apache-2.0
#include "app/config/check.h"

#include <gtest/gtest.h>

#include "app/config/schema.h"
#include "app/config/yaml.h"
#include "app/values/values.h"

namespace tapeline::app::config {
namespace {

using Mistakes = std::vector<std::string>;

const Surroundings kSurroundings{.venues = {"binance", "coinbase"}};

Checked check(const std::string& text) {
  const auto tree = parse_yaml(text);
  EXPECT_TRUE(tree) << text;
  return tree ? check_tree(*tree, "F", kSurroundings) : Checked{};
}

const std::string kTopKeys = "known: data_dir, feeds, journal, stream, checkpoint, store, serve";

struct Case {
  std::string text;
  Mistakes want;
};

TEST(ConfigCheck, reads_every_key) {
  const Checked checked = check(
      "data_dir: ./data\n"
      "feeds:\n"
      "  - venue: coinbase\n"
      "    symbols: [BTC-USD, \"ETH-*\"]\n"
      "    channels: [trades, quotes, raw:level2]\n"
      "stream:\n"
      "  intervals: [5m, 1m, 5m]\n"
      "  disorder: 3s\n"
      "  lateness: 1h\n"
      "  idle_timeout: 20s\n"
      "  shards: auto\n");
  EXPECT_EQ(checked.mistakes, Mistakes{});
  const Config& config = checked.config;
  EXPECT_EQ(config.data_dir, "./data");
  ASSERT_EQ(config.feeds.size(), 1U);
  EXPECT_EQ(config.feeds[0].venue, "coinbase");
  EXPECT_EQ(config.feeds[0].symbols, (Mistakes{"BTC-USD", "ETH-*"}));
  EXPECT_EQ(config.feeds[0].channels, (Mistakes{"trades", "quotes", "raw:level2"}));
  EXPECT_EQ(config.stream.intervals,
            (std::vector<Duration>{std::chrono::minutes(1), std::chrono::minutes(5)}));
  EXPECT_EQ(config.stream.disorder, std::chrono::seconds(3));
  EXPECT_EQ(config.stream.lateness, std::chrono::hours(1));
  EXPECT_EQ(config.stream.idle_timeout, std::chrono::seconds(20));
  EXPECT_EQ(config.stream.shards, std::nullopt);
  EXPECT_EQ(checked.origins.at("stream.disorder").line, 8);
  EXPECT_EQ(checked.origins.at("feeds[0].symbols").line, 4);
}

TEST(ConfigCheck, reads_every_key_of_a_live_run) {
  const Checked checked = check(
      "feeds:\n"
      "  - venue: coinbase\n"
      "    endpoint: wss://h/x\n"
      "    rest_endpoint: https://h\n"
      "    ca_file: HACKING.md\n"
      "    proxy: http://p:3128\n"
      "    backfill: false\n"
      "    candles: 6h\n"
      "    history: 2d\n"
      "journal:\n"
      "  retain: {age: 7d, bytes: 50GiB}\n"
      "  reserve_bytes: 2GiB\n"
      "checkpoint: {every: 5s, keep: 7}\n"
      "store: {kind: duckdb}\n"
      "serve: {listen: \"[::1]:0\"}\n");
  EXPECT_EQ(checked.mistakes, Mistakes{});
  const Config& config = checked.config;
  ASSERT_EQ(config.feeds.size(), 1U);
  EXPECT_EQ(config.feeds[0].endpoint, "wss://h/x");
  EXPECT_EQ(config.feeds[0].rest_endpoint, "https://h");
  EXPECT_EQ(config.feeds[0].ca_file, "HACKING.md");
  EXPECT_EQ(config.feeds[0].proxy, "http://p:3128");
  EXPECT_FALSE(config.feeds[0].backfill);
  EXPECT_EQ(config.feeds[0].candles, std::chrono::hours(6));
  EXPECT_EQ(config.feeds[0].history, std::chrono::hours(48));
  EXPECT_EQ(config.journal.retain.age, std::chrono::days(7));
  EXPECT_EQ(config.journal.retain.bytes, std::uint64_t{50} << 30);
  EXPECT_EQ(config.journal.reserve_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(config.checkpoint.every, std::chrono::seconds(5));
  EXPECT_EQ(config.checkpoint.keep, 7U);
  EXPECT_EQ(config.store.kind, StoreKind::kDuckdb);
  EXPECT_EQ(config.serve.listen, "[::1]:0");
  const Config off =
      check("journal: {retain: {age: off, bytes: off}, reserve_bytes: auto}\n").config;
  EXPECT_EQ(off.journal.retain.age, std::nullopt);
  EXPECT_EQ(off.journal.retain.bytes, std::nullopt);
  EXPECT_EQ(off.journal.reserve_bytes, std::nullopt);
}

TEST(ConfigCheck, a_live_run_has_defaults) {
  const Config config;
  const Feed feed;
  EXPECT_EQ(feed.channels, (Mistakes{"trades", "quotes"}));
  EXPECT_TRUE(feed.backfill);
  EXPECT_EQ(config.journal.retain.age, std::nullopt) << "nothing is removed unless it is asked for";
  EXPECT_EQ(config.journal.retain.bytes, std::nullopt);
  EXPECT_EQ(config.checkpoint.every, std::chrono::seconds(30));
  EXPECT_EQ(config.checkpoint.keep, 3U);
  EXPECT_EQ(config.serve.listen, "127.0.0.1:8080") << "nobody else may ask";
}

TEST(ConfigCheck, empty_is_fine) {
  for (const char* text : {"", "stream:\n", "feeds:\n", "feeds: []\n", "stream: {}\n"}) {
    EXPECT_EQ(check(text).mistakes, Mistakes{}) << text;
  }
}

TEST(ConfigCheck, names_every_mistake_at_once) {
  EXPECT_EQ(check("data_dir: ./data\nfeeds:\n  - venue: coinbase\n    symbol: [BTC-USD]\n"
                  "  - venue: coinbse\n    symbols: [ETH-USD]\n")
                .mistakes,
            (Mistakes{"F:4: feeds[0].symbol: unknown key (did you mean \"symbols\"?)",
                      "F:5: feeds[1].venue: unknown venue \"coinbse\" (did you mean \"coinbase\"? "
                      "known: binance, coinbase)"}));
}

TEST(ConfigCheck, wrong_keys_and_shapes_have_their_sentence) {
  const std::vector<Case> cases{
      {"strem: {}\n", {"F:1: strem: unknown key (did you mean \"stream\"?)"}},
      {"x: 1\n", {"F:1: x: unknown key (" + kTopKeys + ")"}},
      {"stream.disorder: 1s\n", {"F:1: stream.disorder: unknown key (" + kTopKeys + ")"}},
      {"stream:\n  shard: 2\n", {"F:2: stream.shard: unknown key (did you mean \"shards\"?)"}},
      {"data_dir: a\nstream: {}\ndata_dir: b\n",
       {"F:3: data_dir: repeated; it is already on line 1"}},
      {"stream:\n  disorder: 1s\n  disorder: 1s\n",
       {"F:3: stream.disorder: repeated; it is already on line 2"}},
      {"x: 1\nx: 1\n",
       {"F:1: x: unknown key (" + kTopKeys + ")", "F:2: x: repeated; it is already on line 1"}},
      {"stream: 5\n",
       {"F:1: stream: expected a group of keys (allowed: intervals, disorder, lateness, "
        "idle_timeout, shards, conditions), found one value"}},
      {"stream: [1s]\n",
       {"F:1: stream: expected a group of keys (allowed: intervals, disorder, lateness, "
        "idle_timeout, shards, conditions), found a list"}},
      {"feeds: {venue: coinbase}\n",
       {"F:1: feeds: expected a list of feeds (allowed: at most 64), found a group of keys"}},
      {"feeds:\n  - coinbase\n",
       {"F:2: feeds[0]: expected a group of keys (known: venue, symbols, channels, lines, "
        "endpoint, rest_endpoint, ca_file, proxy, token, token_file, backfill, "
        "instruments, candles, history), found one value"}},
      {"feeds:\n  - symbols: [A]\n",
       {"F:2: feeds[0].venue: missing (known venues: binance, coinbase)"}},
  };
  for (const Case& c : cases) EXPECT_EQ(check(c.text).mistakes, c.want) << c.text;
}

TEST(ConfigCheck, wrong_values_say_what_is_allowed) {
  const std::string allowed_intervals = "allowed: 1ms to 7d, at most 16 different";
  const std::vector<Case> cases{
      {"feeds:\n  - venue: coinbase\n    symbols: BTC-USD\n",
       {"F:3: feeds[0].symbols: expected a list of symbols (allowed: the venue's symbols, * stands "
        "for any text), found one value"}},
      {"feeds:\n  - venue: coinbase\n    channels:\n      - trade\n",
       {"F:4: feeds[0].channels[0]: \"trade\" is not allowed (did you mean \"trades\"? allowed: "
        "trades, quotes, raw:NAME)"}},
      {"feeds:\n  - venue: coinbase\n    symbols: [[A]]\n",
       {"F:3: feeds[0].symbols[0]: expected one value (allowed: the venue's symbols, * stands for "
        "any text), found a list"}},
      {"stream:\n  disorder:\n",
       {"F:2: stream.disorder: expected a duration (allowed: 0s to 7d), found nothing"}},
      {"stream:\n  disorder: [2s]\n",
       {"F:2: stream.disorder: expected a duration (allowed: 0s to 7d), found a list"}},
      {"stream:\n  disorder: 2 seconds\n",
       {"F:2: stream.disorder: \"2 seconds\" is not a duration (allowed: 0s to 7d, like 500ms, 2s "
        "or 5m)"}},
      {"stream:\n  idle_timeout: 0s\n",
       {"F:2: stream.idle_timeout: \"0s\" is out of range (allowed: 1ms to 365d)"}},
      {"stream:\n  shards: 0\n",
       {"F:2: stream.shards: \"0\" is out of range (allowed: 1 to 64, or auto)"}},
      {"stream:\n  intervals: []\n", {"F:2: stream.intervals: must not be empty"}},
      {"stream:\n  intervals: 1m\n",
       {"F:2: stream.intervals: expected a list of durations (" + allowed_intervals +
        "), found one value"}},
      {"stream:\n  intervals: [1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s,12s,13s,14s,15s,16s,17s]\n",
       {"F:2: stream.intervals: 17 different intervals are too many (allowed: at most 16)"}},
      {"stream:\n  intervals:\n    - 1m\n    - 8d\n    - 1x\n",
       {"F:4: stream.intervals[1]: \"8d\" is out of range (allowed: 1ms to 7d)",
        "F:5: stream.intervals[2]: \"1x\" is not a duration (allowed: 1ms to 7d, like 500ms, 2s or "
        "5m)"}},
      {"data_dir: \"\"\n", {"F:1: data_dir: must not be empty"}},
      {"feeds:\n  - venue: coinbase\n    channels: []\n",
       {"F:3: feeds[0].channels: must not be empty"}},
      {"feeds:\n  - venue: coinbase\n    endpoint: https://h\n",
       {"F:3: feeds[0].endpoint: \"https://h\" is not such an address (allowed: "
        "wss://HOST[:PORT][/PATH], or ws:// to this machine)"}},
      {"feeds:\n  - venue: coinbase\n    ca_file: /nonexistent/ca.pem\n",
       {"F:3: feeds[0].ca_file: /nonexistent/ca.pem: No such file or directory"}},
      {"feeds:\n  - venue: coinbase\n    backfill: maybe\n",
       {"F:3: feeds[0].backfill: \"maybe\" is not allowed (allowed: true, false)"}},
      {"journal:\n  retain:\n    age: 1s\n    sise: 1\n",
       {"F:3: journal.retain.age: \"1s\" is out of range (allowed: 1m to 36500d, or off)",
        "F:4: journal.retain.sise: unknown key (known: age, bytes)"}},
      {"journal:\n  retain: 7d\n",
       {"F:2: journal.retain: expected a group of keys (allowed: age, bytes), found one value"}},
      {"checkpoint: {every: 2h, keep: 0}\n",
       {"F:1: checkpoint.every: \"2h\" is out of range (allowed: 100ms to 1h)",
        "F:1: checkpoint.keep: \"0\" is out of range (allowed: 1 to 100)"}},
      {"store: {kind: duckdv}\n",
       {"F:1: store.kind: \"duckdv\" is not allowed (did you mean \"duckdb\"? allowed: duckdb)"}},
      {"serve: {listen: 8080}\n",
       {"F:1: serve.listen: \"8080\" is not an address (allowed: HOST:PORT, like "
        "127.0.0.1:8080)"}},
      {"- a\n", {"F:1: expected keys like \"data_dir: ./data\", found a list"}},
      {"text\n", {"F:1: expected keys like \"data_dir: ./data\", found one value"}},
  };
  for (const Case& c : cases) EXPECT_EQ(check(c.text).mistakes, c.want) << c.text;
}

TEST(ConfigCheck, bounds_lists_texts_and_mistakes) {
  std::string feeds = "feeds:\n";
  for (int i = 0; i < 65; ++i) feeds += "  - venue: coinbase\n";
  EXPECT_EQ(check(feeds).mistakes, Mistakes{"F:2: feeds: has 65 items (allowed: at most 64)"});
  EXPECT_EQ(check("data_dir: " + std::string(5000, 'x') + "\n").mistakes,
            Mistakes{"F:1: data_dir: longer than 4096 bytes"});

  std::string many;
  for (int i = 0; i < 150; ++i) many += "x" + std::to_string(i) + ": 1\n";
  const Mistakes mistakes = check(many).mistakes;
  ASSERT_EQ(mistakes.size(), kMistakesMax + 1);
  EXPECT_EQ(mistakes.back(), "F: and 50 more");
}

TEST(ConfigCheck, shows_no_control_characters) {
  EXPECT_EQ(check("\"a\\e[31m\": 1\n").mistakes,
            Mistakes{"F:1: a\\x1b[31m: unknown key (" + kTopKeys + ")"});
}

TEST(ConfigSchema, rows_are_whole) {
  for (const Key& key : schema()) {
    EXPECT_FALSE(key.type.empty()) << key.path;
    EXPECT_FALSE(key.allowed.empty()) << key.path;
    EXPECT_FALSE(key.help.empty()) << key.path;
    EXPECT_EQ(find_key(key.path), &key);
    const bool is_group = key.shape == Shape::kGroup || key.shape == Shape::kGroupList;
    EXPECT_EQ(key.take == nullptr, is_group) << key.path;
    EXPECT_EQ(key.show == nullptr, is_group) << key.path;
    EXPECT_EQ(key.clear != nullptr, key.shape == Shape::kList) << key.path;
    EXPECT_EQ(key.items_max > 0, key.shape == Shape::kList || key.shape == Shape::kGroupList)
        << key.path;
  }
}

TEST(ConfigSchema, ranges_in_the_texts_are_those_that_are_checked) {
  using namespace values;
  EXPECT_EQ(find_key("stream.disorder")->allowed, format_range(kDisorderRange));
  EXPECT_EQ(find_key("stream.lateness")->allowed, format_range(kLatenessRange));
  EXPECT_EQ(find_key("stream.idle_timeout")->allowed, format_range(kIdleTimeoutRange));
  EXPECT_TRUE(find_key("stream.intervals")->allowed.starts_with(format_range(kIntervalRange)));
  EXPECT_EQ(find_key("journal.segment_bytes")->allowed, format_range(kSegmentBytesRange));
  EXPECT_EQ(find_key("journal.retain.age")->allowed, format_range(kRetainAgeRange) + ", or off");
  EXPECT_EQ(find_key("journal.retain.bytes")->allowed,
            format_range(kRetainBytesRange) + ", or off");
  EXPECT_EQ(find_key("journal.reserve_bytes")->allowed,
            format_range(kReserveBytesRange) + ", or auto");
  EXPECT_EQ(find_key("checkpoint.every")->allowed, format_range(kCheckpointEveryRange));
  EXPECT_EQ(find_key("checkpoint.keep")->allowed, "1 to " + std::to_string(kCheckpointsKeptMax));
}

TEST(ConfigCheck, a_venue_that_wants_a_token_has_one) {
  const Surroundings surroundings{.venues = {"coinbase", "finnhub"},
                                  .token_venues = {"finnhub"},
                                  .variable = [](const char* /*name*/) { return "x"; }};
  const auto mistakes = [&](const std::string& text) {
    return check_tree(*parse_yaml(text), "F", surroundings).mistakes;
  };
  EXPECT_EQ(mistakes("feeds:\n  - venue: coinbase\n  - venue: finnhub\n"),
            Mistakes{"F:3: feeds[1].token: missing: finnhub wants one (${NAME} of the environment; "
                     "or say token_file)"});
  EXPECT_EQ(mistakes("feeds:\n  - venue: finnhub\n    token: ${T}\n"), Mistakes{});
  // What is wrong with one that is given is said once.
  EXPECT_EQ(mistakes("feeds:\n  - venue: finnhub\n    token_file: /nonexistent\n").size(), 1U);
}

TEST(ConfigCheck, lines_are_few_and_only_of_venues_with_ids) {
  const Surroundings surroundings{.venues = {"coinbase", "finnhub"},
                                  .one_line_venues = {"finnhub"},
                                  .variable = [](const char* /*name*/) { return "x"; }};
  const auto checked = [&](const std::string& text) {
    return check_tree(*parse_yaml(text), "F", surroundings);
  };
  EXPECT_EQ(checked("feeds:\n  - venue: coinbase\n    lines: 2\n").config.feeds[0].lines, 2U);
  EXPECT_EQ(checked("feeds:\n  - venue: finnhub\n    lines: 1\n").mistakes, Mistakes{});
  EXPECT_EQ(checked("feeds:\n  - venue: finnhub\n    lines: 2\n").mistakes,
            Mistakes{"F:3: feeds[0].lines: the trades of finnhub have no ids, and a second line "
                     "would double each of them; leave it at 1"});
  EXPECT_EQ(checked("feeds:\n  - venue: coinbase\n    lines: 5\n").mistakes,
            Mistakes{"F:3: feeds[0].lines: \"5\" is out of range (allowed: 1 to 4)"});
}

TEST(ConfigCheck, what_trades_count_for_is_a_word_for_each_condition) {
  const Checked checked = check("stream:\n  conditions:\n    odd_lot: none\n    unknown: volume\n");
  EXPECT_EQ(checked.mistakes, Mistakes{});
  const ConditionRules& rules = checked.config.stream.conditions;
  EXPECT_EQ(rules.of(Condition::kOddLot), Counts::kNone);
  EXPECT_EQ(rules.of(Condition::kUnknown), Counts::kVolume);
  EXPECT_EQ(rules.of(Condition::kExtendedHours), Counts::kFallback);
  EXPECT_EQ(check("stream:\n  conditions:\n    odd_lots: volume\n").mistakes,
            Mistakes{"F:3: stream.conditions.odd_lots: unknown key (did you mean \"odd_lot\"?)"});
  EXPECT_EQ(check("stream:\n  conditions:\n    odd_lot: volum\n").mistakes,
            Mistakes{"F:3: stream.conditions.odd_lot: \"volum\" is not allowed (did you mean "
                     "\"volume\"? allowed: all, fallback, volume, none)"});
}

TEST(ConfigCheck, every_condition_has_its_key) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Condition::kEnd); ++i) {
    const Condition condition = static_cast<Condition>(i);
    const Key* key = find_key(std::string("stream.conditions.") + name_of(condition));
    ASSERT_NE(key, nullptr) << name_of(condition);
    Config config;
    config.stream.conditions.of(condition) = Counts::kNone;
    EXPECT_EQ(key->show(config, 0), "none") << name_of(condition);
  }
}

TEST(ConfigCheck, channels_are_known_to_be_named) {
  EXPECT_FALSE(check("feeds:\n  - venue: coinbase\n").config.feeds[0].are_channels_named);
  EXPECT_TRUE(check("feeds:\n  - venue: coinbase\n    channels: [trades]\n")
                  .config.feeds[0]
                  .are_channels_named);
}

TEST(ConfigSchema, groups_name_their_keys) {
  for (const Key& key : schema()) {
    if (key.shape != Shape::kGroup) continue;
    std::string names;
    for (const auto name : names_in(key.path)) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    EXPECT_EQ(key.allowed, names);
  }
}

TEST(ConfigSchema, defaults_are_those_of_a_replay_but_for_the_intervals) {
  const Config config;
  const replay::Options options;
  EXPECT_EQ(config.stream.disorder, options.disorder);
  EXPECT_EQ(config.stream.idle_timeout, options.idle_timeout);
  EXPECT_EQ(config.stream.shards, options.shards);
  EXPECT_EQ(config.stream.conditions, options.conditions);
}

}  // namespace
}  // namespace tapeline::app::config
