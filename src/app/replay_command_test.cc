// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/cli_fixture.h"

namespace tapeline::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class ReplayCommand : public CliFixture {
 protected:
  // A mistake of `--OPTION VALUE`, after "tapeline: ".
  void expect_refused(const std::string& option, const std::string& value,
                      const std::string& sentence) {
    expect_mistake({"replay", input_, option, value}, "tapeline: " + option + ": " + sentence);
  }

  std::string input_ = file("input.txt", "x\n");
};

TEST_F(ReplayCommand, hands_every_option_over) {
  const std::string list = file("list.json", "[]");
  std::vector<std::string> args{"replay", input_, "-", "--instruments", list};
  std::istringstream words(
      "--input-format trades-csv --venue binance -i binance:BTC-USDT,coinbase:* -i *:ETH-USD "
      "--from 1970-01-01T00:00:01Z --to 1970-01-01T00:00:02Z --emit gaps --interval 5m,1m "
      "--interval 5m,1h --revisions all --disorder 3s --lateness 5m --idle-timeout 7s --shards 8 "
      "--time-unit us --rejects R --max-rejects 5% --output O --format jsonl --batch 64KiB --speed "
      "2.5 "
      "--as-of 1970-01-01T00:00:03Z");
  for (std::string word; words >> word;) args.push_back(word);
  const Outcome outcome = run(args);
  EXPECT_EQ(outcome.err.find("tapeline:"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  ASSERT_EQ(replays_, 1);
  EXPECT_EQ(options_.inputs, (std::vector<std::string>{input_, "-"}));
  EXPECT_EQ(options_.input_format, replay::InputFormat::kTradesCsv);
  EXPECT_EQ(options_.venue, "binance");
  EXPECT_EQ(options_.instruments,
            (std::vector<std::string>{"binance:BTC-USDT", "coinbase:*", "*:ETH-USD"}));
  EXPECT_EQ(options_.from, EventTime(1'000'000'000));
  EXPECT_EQ(options_.to, EventTime(2'000'000'000));
  EXPECT_EQ(options_.emit, replay::Emit::kGaps);
  EXPECT_EQ(options_.intervals, (std::vector<Duration>{minutes(1), minutes(5), minutes(60)}));
  EXPECT_EQ(options_.revisions, replay::Revisions::kAll);
  EXPECT_EQ(options_.disorder, seconds(3));
  EXPECT_EQ(options_.lateness, Duration(minutes(5)));
  EXPECT_EQ(options_.idle_timeout, seconds(7));
  EXPECT_EQ(options_.shards, 8U);
  EXPECT_EQ(options_.time_unit, TimeUnit::kMicros);
  EXPECT_EQ(options_.instruments_file, list);
  EXPECT_EQ(options_.rejects_file, "R");
  EXPECT_DOUBLE_EQ(options_.rejects_limit.percent, 5.0);
  EXPECT_EQ(options_.output, "O");
  EXPECT_EQ(options_.batch_bytes, 65'536U);
  EXPECT_EQ(options_.format, replay::Format::kJsonLines);
  EXPECT_EQ(options_.speed, 2.5);
  EXPECT_EQ(options_.as_of, RecvTime(3'000'000'000));
}

TEST_F(ReplayCommand, takes_times_as_nanoseconds_wherever_the_option_stands) {
  EXPECT_EQ(
      run({"replay", input_, "--from", "17", "--time", "unix_ns", "--to", "18", "--as-of", "19"})
          .status,
      kExitDone);
  EXPECT_EQ(options_.time_format, replay::TimeFormat::kUnixNs);
  EXPECT_EQ(options_.from, EventTime(17));
  EXPECT_EQ(options_.to, EventTime(18));
  EXPECT_EQ(options_.as_of, RecvTime(19));
}

TEST_F(ReplayCommand, waits_only_where_a_speed_is_given) {
  run({"replay", input_, "--speed", "max"});
  EXPECT_FALSE(hooks_.pace);
  run({"replay", input_, "--speed", "10"});
  EXPECT_TRUE(hooks_.pace);
}

TEST_F(ReplayCommand, defaults_are_those_of_the_options) {
  EXPECT_EQ(run({"replay", input_}).status, kExitDone);
  const replay::Options want;
  EXPECT_EQ(options_.input_format, replay::InputFormat::kDetect);
  EXPECT_EQ(options_.emit, want.emit);
  EXPECT_EQ(options_.intervals, want.intervals);
  EXPECT_EQ(options_.disorder, want.disorder);
  EXPECT_EQ(options_.lateness, std::nullopt);
  EXPECT_EQ(options_.idle_timeout, want.idle_timeout);
  EXPECT_EQ(options_.shards, want.shards);
  EXPECT_EQ(options_.batch_bytes, want.batch_bytes);
  EXPECT_EQ(options_.venue, "");
}

TEST_F(ReplayCommand, takes_defaults_from_the_configuration) {
  const std::string config =
      file("c.yaml",
           "feeds: [{venue: coinbase}]\n"
           "stream: {intervals: [5m], disorder: 3s, lateness: 1h, idle_timeout: 7s, shards: 2}\n");
  EXPECT_EQ(run({"--config", config, "replay", input_}).status, kExitDone);
  EXPECT_EQ(options_.venue, "coinbase");
  EXPECT_EQ(options_.intervals, std::vector<Duration>{minutes(5)});
  EXPECT_EQ(options_.disorder, seconds(3));
  EXPECT_EQ(options_.lateness, std::nullopt) << "foreign files have no limit unless given";
  EXPECT_EQ(options_.idle_timeout, seconds(7));
  EXPECT_EQ(options_.shards, 2U);

  EXPECT_EQ(run({"--config", config, "--set", "stream.disorder=4s", "replay", input_, "--venue",
                 "binance", "--interval", "1m", "--shards", "3"})
                .status,
            kExitDone);
  EXPECT_EQ(options_.venue, "binance");
  EXPECT_EQ(options_.intervals, std::vector<Duration>{minutes(1)});
  EXPECT_EQ(options_.disorder, seconds(4));
  EXPECT_EQ(options_.shards, 3U);
}

TEST_F(ReplayCommand, two_feeds_name_no_venue) {
  const std::string config = file("c.yaml", "feeds: [{venue: coinbase}, {venue: binance}]\n");
  EXPECT_EQ(run({"--config", config, "replay", input_}).status, kExitDone);
  EXPECT_EQ(options_.venue, "");
}

TEST_F(ReplayCommand, mistakes_of_the_configuration_stop_it) {
  const std::string config = file("c.yaml", "stream: {disorder: x}\n");
  expect_mistake({"--config", config, "replay", input_},
                 config +
                     ":1: stream.disorder: \"x\" is not a duration (allowed: 0s to 7d, like "
                     "500ms, 2s or 5m)");
}

constexpr const char* kNotATime =
    " is not a time (allowed: RFC 3339, like 2021-04-17T16:43:37Z; or nanoseconds with --time "
    "unix_ns)";

TEST_F(ReplayCommand, refuses_bad_values_and_says_what_is_allowed) {
  expect_refused("--input-format", "cryptofed",
                 "\"cryptofed\" is not allowed (did you mean \"cryptofeed\"? allowed: journal, "
                 "cryptofeed, raw, trades-csv)");
  expect_refused("--venue", "coinbse",
                 "unknown venue \"coinbse\" (did you mean \"coinbase\"? known: coinbase, binance)");
  expect_refused(
      "--instrument", "BTC-USD",
      "\"BTC-USD\" is not an instrument (allowed: VENUE:SYMBOL with * for any text, like "
      "coinbase:BTC-USD or 'binance:*-USDT')");
  expect_refused("--from", "yesterday", std::string("\"yesterday\"") + kNotATime);
  expect_refused("--to", "1618677817", std::string("\"1618677817\"") + kNotATime);
  expect_refused(
      "--emit", "trade",
      "\"trade\" is not allowed (did you mean \"trades\"? allowed: bars, trades, quotes, "
      "gaps, coverage)");
  expect_refused("--interval", "1m,,5m",
                 "\"\" is not a duration (allowed: 1ms to 7d, like 500ms, 2s or 5m)");
  expect_refused("--interval", "8d", "\"8d\" is out of range (allowed: 1ms to 7d)");
  expect_refused("--interval", "1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s,12s,13s,14s,15s,16s,17s",
                 "17 different intervals are too many (allowed: at most 16)");
  expect_refused("--revisions", "al", "\"al\" is not allowed (allowed: last, all)");
  expect_refused("--disorder", "2",
                 "\"2\" is not a duration (allowed: 0s to 7d, like 500ms, 2s or 5m)");
  expect_refused("--lateness", "-5s",
                 "\"-5s\" is not a duration (allowed: 0s to 36500d, like 500ms, 2s or 5m)");
  expect_refused("--idle-timeout", "0s", "\"0s\" is out of range (allowed: 1ms to 365d)");
  expect_refused("--shards", "65", "\"65\" is out of range (allowed: 1 to 64, or auto)");
  expect_refused("--time-unit", "sec", "\"sec\" is not allowed (allowed: s, ms, us, ns)");
  expect_refused("--max-rejects", "few",
                 "\"few\" is not a limit (allowed: 0% to 100%, like 1% or 0.5%, or a number of "
                 "frames)");
  expect_refused("--format", "cvs",
                 "\"cvs\" is not allowed (did you mean \"csv\"? allowed: csv, jsonl)");
  for (const char* speed : {"0", "-1", "fast", "1e3", "1000001"}) {
    expect_refused("--speed", speed,
                   "\"" + std::string(speed) +
                       "\" is not a speed (allowed: max, or a factor from 0.001 to 1000000)");
  }
  expect_refused("--as-of", "now", std::string("\"now\"") + kNotATime);
  expect_refused("--batch", "64KB", "\"64KB\" is not a size (allowed: 4KiB to 64MiB, like 64KiB)");
  expect_refused("--output", "", "needs a path");
  expect_refused("--rejects", "", "needs a path");
}

TEST_F(ReplayCommand, names_every_bad_value) {
  expect_mistake({"replay", input_, "--emit", "x", "--format", "y"},
                 "tapeline: --emit: \"x\" is not allowed (allowed: bars, trades, quotes, gaps, "
                 "coverage)\ntapeline: --format: \"y\" is not allowed (allowed: csv, jsonl)");
}

TEST_F(ReplayCommand, needs_inputs_that_can_be_read) {
  expect_mistake({"replay"}, "tapeline: replay: no INPUT given (- is standard input)");
  expect_mistake({"replay", "/nonexistent/a", "/nonexistent/b"},
                 "tapeline: /nonexistent/a: No such file or directory\n"
                 "tapeline: /nonexistent/b: No such file or directory");
  expect_mistake({"replay", "/", "--input-format", "trades-csv"}, "tapeline: /: Is a directory");
  expect_mistake({"replay", "/", "/", "--input-format", "journal"},
                 "tapeline: replay: a journal is replayed alone: give one data folder");
  expect_mistake({"replay", "/", "--venue", "coinbase"},
                 "tapeline: --venue: a journal says that itself of each input");
  expect_mistake({"replay", ""}, "tapeline: : No such file or directory");
  expect_mistake({"replay", "-", "-"}, "tapeline: replay: - (standard input) given twice");
  expect_mistake({"replay", input_, "--instruments", "/nonexistent/l"},
                 "tapeline: --instruments: /nonexistent/l: No such file or directory\n"
                 "tapeline: --instruments: whose list is it? say --venue (known: coinbase, "
                 "binance)");
  expect_mistake(
      {"replay", input_, "--from", "2021-01-01T00:00:00Z", "--to", "2021-01-01T00:00:00Z"},
      "tapeline: --from: must be before --to");
}

TEST_F(ReplayCommand, frames_need_a_venue) {
  expect_mistake({"replay", input_, "--input-format", "raw"},
                 "tapeline: --venue: needed for --input-format raw (known: coinbase, binance)");
  expect_mistake({"replay", input_, "--input-format", "cryptofeed"},
                 "tapeline: --venue: needed for --input-format cryptofeed (known: coinbase, "
                 "binance)");
  EXPECT_EQ(run({"replay", input_, "--input-format", "trades-csv"}).status, kExitDone);
}

replay::Summary summary() {
  replay::Summary s;
  s.frames = 9946;
  s.received = 10133;
  s.delivered = 204;
  s.duplicate = 10;
  s.control = 9919;
  return s;
}

constexpr const char* kSummaryLine =
    "9,946 frames: received 10,133 = delivered 204 + duplicate 10 + late 0 + rejected 0 + shed 0 + "
    "control 9,919\n";

TEST_F(ReplayCommand, summarises_on_stderr) {
  replay::Summary s = summary();
  s.notes = {"first", "second"};
  result_ = s;
  const Outcome outcome = run({"replay", input_});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, std::string(kSummaryLine) + "note: first\nnote: second\n");
  EXPECT_EQ(run({"--quiet", "replay", input_}).err, "");
  s.frames = 1;
  result_ = s;
  EXPECT_TRUE(run({"replay", input_}).err.starts_with("1 frame: received 10,133 = "));
}

TEST_F(ReplayCommand, too_many_rejects_is_status_3) {
  replay::Summary s;
  s.frames = 5000;
  s.frames_rejected = 1234;
  s.over_rejects_limit = true;
  result_ = s;
  Outcome outcome = run({"--quiet", "replay", input_});
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_EQ(outcome.err,
            "tapeline: 1,234 of 5,000 frames were rejected, more than --max-rejects 1% allows; run "
            "again with --rejects FILE to see them\n");
  outcome = run({"--quiet", "replay", input_, "--max-rejects", "1000", "--rejects", "R"});
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_EQ(outcome.err,
            "tapeline: 1,234 of 5,000 frames were rejected, more than --max-rejects 1,000 allows; "
            "see R\n");
}

TEST_F(ReplayCommand, failures_have_the_status_of_their_fault) {
  result_ = fail(Fault::kCaller, "x: no venue");
  EXPECT_EQ(run({"replay", input_}).status, kExitWrongUse);
  EXPECT_EQ(run({"replay", input_}).err, "tapeline: x: no venue\n");
  result_ = fail(Fault::kOurs, "disk full");
  EXPECT_EQ(run({"replay", input_}).status, kExitFailed);
  result_ = fail(Fault::kTheirs, "broken");
  EXPECT_EQ(run({"replay", input_}).status, kExitFailed);
}

TEST_F(ReplayCommand, damage_is_told_after_the_summary) {
  replay::Summary s = summary();
  s.damage = Error{.fault = Fault::kTheirs, .text = "x.gz: breaks off"};
  result_ = s;
  const Outcome outcome = run({"replay", input_});
  EXPECT_EQ(outcome.status, kExitFailed);
  EXPECT_EQ(outcome.err, std::string(kSummaryLine) + "tapeline: x.gz: breaks off\n");
}

TEST_F(ReplayCommand, an_interruption_is_status_130) {
  replay::Summary s = summary();
  s.interrupted = true;
  s.over_rejects_limit = true;
  result_ = s;
  const Outcome outcome = run({"replay", input_});
  EXPECT_EQ(outcome.status, kExitInterrupted);
  EXPECT_TRUE(
      outcome.err.ends_with("tapeline: interrupted; what was read until then is written\n"));
}

TEST_F(ReplayCommand, progress_is_for_terminals_and_is_wiped) {
  EXPECT_EQ(run({"replay", input_}).err.find('\r'), std::string::npos);
  err_is_terminal_ = true;
  EXPECT_EQ(run({"replay", input_, "--quiet"}).err, "");
  const std::string text = run({"replay", input_}).err;
  EXPECT_TRUE(text.starts_with("\r1 B of 2 B (50%)")) << text;
  EXPECT_NE(text.find(" \r0 frames: received 0 = "), std::string::npos) << text;
}

}  // namespace
}  // namespace tapeline::app
