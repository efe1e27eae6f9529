// SPDX-License-Identifier: Apache-2.0
#include "replay/replay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replay/replay_fixture.h"
#include "replay/rows.h"

namespace tapeline::replay {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kHeader = "symbol,trade_id,ts_event,price,size,side\n";

class Replay : public ReplayFolder {
 protected:
  // Bars of rows behind kHeader.
  Outcome run_rows(std::string_view rows) {
    return run_well(
        options_for({file("rows.csv", std::string(kHeader) + std::string(rows))}, "coinbase"));
  }
  // The lines behind the header.
  static Lines rows_of(const Outcome& outcome) {
    Lines lines = lines_of(outcome.output);
    if (!lines.empty()) lines.erase(lines.begin());
    return lines;
  }
};

std::string header(std::string_view columns) { return std::string(columns) + "\n"; }

TEST_F(Replay, makes_a_bar_of_csv_rows) {
  const Outcome outcome = run_rows(
      "BTC-USD,1,2021-01-01T00:00:10Z,100.5,2,buy\n"
      "BTC-USD,2,2021-01-01T00:00:20Z,99,1,sell\n"
      "BTC-USD,3,2021-01-01T00:00:59.999999999Z,101,0.5,buy\n");
  EXPECT_EQ(outcome.output,
            header(kBarsHeader) +
                "coinbase:BTC-USD,1m,2021-01-01T00:00:00.000000000Z,100.5,101,99,101,3.5,2.5,350.5,"
                "100.142857142857142857,3,1,3,final,unknown,0,\n");
  EXPECT_EQ(outcome.summary.frames, 3U);
  EXPECT_EQ(outcome.summary.delivered, 3U);
  EXPECT_EQ(outcome.summary.rows_written, 1U);
  EXPECT_FALSE(outcome.summary.damage);
  EXPECT_FALSE(outcome.summary.over_rejects_limit);
}

TEST_F(Replay, leaves_out_what_a_bar_cannot_know) {
  const Outcome outcome = run_rows(
      "A-B,1,2021-01-01T00:00:10Z,5,,buy\n"
      "C-D,1,2021-01-01T00:00:10Z,5,2,\n"
      "E-F,1,2021-01-01T00:00:10Z,5,0,sell\n"
      "G-H,x-1,2021-01-01T00:00:10Z,5,1,sell\n");
  const Lines lines = lines_of(outcome.output);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[1],
            "coinbase:A-B,1m,2021-01-01T00:00:00.000000000Z,5,5,5,5,,,,,1,1,1,final,unknown,0,");
  EXPECT_EQ(
      lines[2],
      "coinbase:C-D,1m,2021-01-01T00:00:00.000000000Z,5,5,5,5,2,,10,5,1,1,1,final,unknown,0,");
  EXPECT_EQ(lines[3],
            "coinbase:E-F,1m,2021-01-01T00:00:00.000000000Z,5,5,5,5,0,0,0,,1,1,1,final,unknown,0,");
  EXPECT_EQ(
      lines[4],
      "coinbase:G-H,1m,2021-01-01T00:00:00.000000000Z,5,5,5,5,1,0,5,5,1,x-1,x-1,final,unknown,0,");
}

TEST_F(Replay, orders_bars_by_start_then_instrument_then_interval) {
  Options options =
      options_for({file("rows.csv", std::string(kHeader) + "B-B,1,2021-01-01T00:00:10Z,1,1,buy\n"
                                                           "A-A,1,2021-01-01T00:01:10Z,1,1,buy\n"
                                                           "B-B,2,2021-01-01T00:01:10Z,1,1,buy\n")},
                  "coinbase");
  options.intervals = {minutes(2), minutes(1)};
  Lines order;
  for (const std::string& line : rows_of(run_well(options))) {
    const Lines fields = fields_of(line);
    order.push_back(fields[2].substr(14, 2) + " " + fields[0] + " " + fields[1]);
  }
  EXPECT_EQ(order, (Lines{"00 coinbase:A-A 2m", "00 coinbase:B-B 1m", "00 coinbase:B-B 2m",
                          "01 coinbase:A-A 1m", "01 coinbase:B-B 1m"}));
}

TEST_F(Replay, says_every_revision_in_the_order_it_left) {
  // Engine time stands still but for the last frame; the trade at :05 is behind by then.
  std::string text =
      recorded("1618677820", frame_of({.id = 1, .time = "2021-04-17T16:43:40.000000Z"}));
  text += recorded("1618677822",
                   frame_of({.id = 2, .time = "2021-04-17T16:43:41.000000Z", .price = "7"}));
  text += recorded("1618677830", frame_of({.id = 4, .time = "2021-04-17T16:43:50.000000Z"}));
  text += recorded("1618677831",
                   frame_of({.id = 3, .time = "2021-04-17T16:43:41.500000Z", .price = "8"}));
  text += recorded("1618677832", R"({"type":"subscriptions","channels":[]})");
  Options options = options_for({file("recording", text)}, "coinbase");
  options.intervals = {seconds(1)};
  options.revisions = Revisions::kAll;
  Lines said;
  for (const std::string& line : rows_of(run_well(options))) {
    const Lines f = fields_of(line);
    said.push_back(f[2].substr(17, 2) + " close " + f[6] + " " + f[15] + " " + f[16] + " " + f[17]);
  }
  EXPECT_EQ(said, (Lines{"40 close 100 unknown 0 ", "41 close 7 gap 0 ",
                         "41 close 8 complete 1 late_trade", "50 close 100 unknown 0 "}));
}

TEST_F(Replay, shows_only_what_starts_inside_from_and_to) {
  Options options =
      options_for({file("rows.csv", std::string(kHeader) + "A-A,1,2021-01-01T00:00:10Z,1,1,buy\n"
                                                           "A-A,2,2021-01-01T00:01:00Z,1,1,buy\n"
                                                           "A-A,3,2021-01-01T00:02:00Z,1,1,buy\n")},
                  "coinbase");
  options.from = EventTime(*parse_rfc3339("2021-01-01T00:01:00Z"));
  options.to = EventTime(*parse_rfc3339("2021-01-01T00:02:00Z"));
  const Lines bars = lines_of(run_well(options).output);
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(fields_of(bars[1])[2], "2021-01-01T00:01:00.000000000Z");
  // What is not shown is still known: the trade before says that nothing is missing.
  EXPECT_EQ(fields_of(bars[1])[15], "complete");
  options.emit = Emit::kTrades;
  const Lines trades = lines_of(run_well(options).output);
  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(fields_of(trades[1])[1], "2");
}

TEST_F(Replay, selects_instruments_by_pattern_and_counts_the_others) {
  Options options = options_for(
      {file("rows.csv", std::string(kHeader) + "BTC-USD,1,2021-01-01T00:00:10Z,1,1,buy\n"
                                               "BTC-EUR,1,2021-01-01T00:00:10Z,1,1,buy\n"
                                               "ETH-USD,1,2021-01-01T00:00:10Z,1,1,buy\n")},
      "coinbase");
  options.emit = Emit::kTrades;
  options.instruments = {"coinbase:*-EUR", "*:ETH-USD"};
  const Outcome outcome = run_well(options);
  const Lines lines = lines_of(outcome.output);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(fields_of(lines[1])[0], "coinbase:BTC-EUR");
  EXPECT_EQ(fields_of(lines[2])[0], "coinbase:ETH-USD");
  EXPECT_EQ(outcome.summary.control, 1U);
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(outcome.summary.notes, Lines{});
}

TEST_F(Replay, names_a_pattern_that_matched_nothing) {
  Options options = options_for(
      {file("rows.csv", std::string(kHeader) + "BTC-USD,1,2021-01-01T00:00:10Z,1,1,buy\n")},
      "coinbase");
  options.instruments = {"coinbase:*-USD", "coinbase:BTCUSD"};
  EXPECT_EQ(run_well(options).summary.notes,
            (Lines{"--instrument coinbase:BTCUSD matched none of the 1 instruments seen"}));
}

TEST_F(Replay, merges_inputs_by_the_time_of_receipt) {
  const std::string a = recorded("1618677817.2", frame_of({.id = 1})) +
                        recorded("1618677817.6", frame_of({.id = 3})) +
                        recorded("1618677817.9", frame_of({.id = 6}));
  const std::string b = recorded("1618677817.4", frame_of({.id = 2})) +
                        recorded("1618677817.7", frame_of({.id = 4})) +
                        recorded("1618677817.8", frame_of({.id = 5}));
  Options options = options_for({file("b", b), file("a", a)}, "coinbase");
  options.emit = Emit::kTrades;
  Lines ids;
  for (const std::string& line : lines_of(run_well(options).output))
    ids.push_back(fields_of(line)[1]);
  EXPECT_EQ(ids, (Lines{"trade_id", "1", "2", "3", "4", "5", "6"}));
}

TEST_F(Replay, takes_inputs_one_after_the_other_where_one_has_no_time_of_receipt) {
  const std::string a = recorded("1618677818", frame_of({.id = 1}));
  const std::string b = frame_of({.id = 2}) + "\n";
  Options options = options_for({file("a", a), file("b", b)}, "coinbase");
  options.emit = Emit::kTrades;
  const Lines lines = lines_of(run_well(options).output);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(fields_of(lines[1])[1], "1");
  EXPECT_EQ(fields_of(lines[2])[1], "2");
}

TEST_F(Replay, an_input_without_times_of_receipt_makes_nothing_late_in_one_that_has_them) {
  const std::string later =
      frame_of({.symbol = "ETH-USD", .id = 1, .time = "2023-04-17T16:43:37.000000Z"}) + "\n";
  std::string stamped;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    stamped += recorded("161867781" + std::to_string(id), frame_of({.id = id}));
  }
  const std::string a = file("a", later);
  const std::string b = file("b", stamped);
  for (const auto& inputs : {std::vector{a, b}, std::vector{b, a}}) {
    Options options = options_for(inputs, "coinbase");
    options.lateness = std::chrono::hours(24);
    const Summary summary = run_well(options).summary;
    EXPECT_EQ(summary.delivered, 4U) << inputs.front();
  }
}

TEST_F(Replay, gives_the_same_bars_however_an_input_is_cut_into_several) {
  std::string all;
  std::vector<std::string> parts(3);
  for (std::uint64_t id = 1; id <= 300; ++id) {
    const std::string line = recorded(
        fmt::format("16186778{:02}.{:03}", 10 + id / 10, id % 10 * 100),
        frame_of(
            {.id = id,
             .time = fmt::format("2021-04-17T16:43:{:02}.{}00000Z", 30 + id / 10 % 30, id % 10),
             .price = std::to_string(1 + id * 7 % 13)}));
    all += line;
    parts[id * id % 3] += line;
  }
  Options whole = options_for({file("all", all)}, "coinbase");
  whole.revisions = Revisions::kAll;
  whole.intervals = {seconds(1), seconds(5)};
  Options cut = whole;
  cut.inputs = {file("0", parts[0] + "configuration: {}\n"), file("1", parts[1]),
                file("2", parts[2])};
  cut.input_format = InputFormat::kCryptofeed;
  const std::string expected = run_well(whole).output;
  EXPECT_GT(lines_of(expected).size(), 1U + 30U);
  EXPECT_EQ(run_well(cut).output, expected);
}

TEST_F(Replay, counts_a_repeated_input_as_duplicates) {
  const std::string path = file("a", recorded("1618677818", frame_of({.id = 1})) +
                                         recorded("1618677819", frame_of({.id = 2})));
  const Outcome once = run_well(options_for({path}, "coinbase"));
  const Outcome twice = run_well(options_for({path, path}, "coinbase"));
  EXPECT_EQ(twice.output, once.output);
  EXPECT_EQ(twice.summary.duplicate, 2U);
  EXPECT_EQ(twice.summary.delivered, 2U);
}

TEST_F(Replay, gives_trades_their_flags_and_side) {
  std::string text = frame_of({.id = 1, .type = "last_match"}) + "\n" +
                     frame_of({.id = 2, .time = "2021-04-17T16:43:38.5Z", .maker_side = "buy"}) +
                     "\n";
  Options options = options_for({file("raw", text)}, "coinbase");
  options.emit = Emit::kTrades;
  EXPECT_EQ(run_well(options).output, header(kTradesHeader) +
                                          "coinbase:BTC-USD,1,2021-04-17T16:43:37.000000000Z,2021-"
                                          "04-17T16:43:37.000000000Z,100,1,buy,snapshot,,all\n"
                                          "coinbase:BTC-USD,2,2021-04-17T16:43:38.500000000Z,2021-"
                                          "04-17T16:43:38.500000000Z,100,1,sell,,,all\n");
}

TEST_F(Replay, infers_the_time_of_receipt_of_raw_lines_from_the_greatest_event_time) {
  std::string text = frame_of({.id = 2, .time = "2021-04-17T16:43:38.000000Z"}) + "\n" +
                     frame_of({.id = 1, .time = "2021-04-17T16:43:37.000000Z"}) + "\n";
  Options options = options_for({file("raw", text)}, "coinbase");
  options.emit = Emit::kTrades;
  const Lines lines = lines_of(run_well(options).output);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(fields_of(lines[2])[3], "2021-04-17T16:43:38.000000000Z");
}

TEST_F(Replay, shows_holes_and_unbroken_runs) {
  const std::string path = file("rows.csv", std::string(kHeader) +
                                                "A-A,1,2021-01-01T00:00:01Z,1,1,buy\n"
                                                "A-A,2,2021-01-01T00:00:02Z,1,1,buy\n"
                                                "A-A,5,2021-01-01T00:00:05Z,1,1,buy\n");
  Options options = options_for({path}, "coinbase");
  options.emit = Emit::kGaps;
  EXPECT_EQ(run_well(options).output, header(kGapsHeader) +
                                          "coinbase:A-A,trades,3,4,2021-01-01T00:00:02.000000000Z,"
                                          "2021-01-01T00:00:05.000000000Z,lost,open\n");
  options.emit = Emit::kCoverage;
  EXPECT_EQ(
      run_well(options).output,
      header(kCoverageHeader) +
          "coinbase:A-A,trades,1,2,2021-01-01T00:00:01.000000000Z,2021-01-01T00:00:02.000000000Z\n"
          "coinbase:A-A,trades,5,5,2021-01-01T00:00:05.000000000Z,2021-01-01T00:00:05."
          "000000000Z\n");
}

TEST_F(Replay, refuses_late_trades_only_when_a_lateness_is_given) {
  const std::string path = file("rows.csv", std::string(kHeader) +
                                                "A-A,2,2021-01-02T00:00:00Z,1,1,buy\n"
                                                "A-A,1,2021-01-01T00:00:00Z,1,1,buy\n"
                                                "A-A,1,2021-01-01T00:00:00Z,1,1,buy\n");
  Options options = options_for({path}, "coinbase");
  EXPECT_EQ(run_well(options).summary.late, 0U);
  options.lateness = std::chrono::hours(1);
  const Outcome outcome = run_well(options);
  EXPECT_EQ(outcome.summary.late, 1U);
  EXPECT_EQ(outcome.summary.duplicate, 1U);
  EXPECT_EQ(lines_of(outcome.output).size(), 2U);
}

TEST_F(Replay, shows_what_was_known_as_of_a_time) {
  Options options =
      options_for({file("frames.txt", recorded("1618677817.2", frame_of({.id = 1})) +
                                          recorded("1618677818.2", frame_of({.id = 2})) +
                                          recorded("1618677819.2", frame_of({.id = 3})))},
                  "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  options.emit = Emit::kTrades;
  options.as_of = RecvTime(1'618'677'818'200'000'000);
  EXPECT_EQ(run_well(options).summary.delivered, 1U) << "received before, not at that time";
  options.as_of = RecvTime(1'618'677'818'200'000'001);
  const Outcome outcome = run_well(options);
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(outcome.summary.frames, 2U);
  options.inputs = {file("cut.txt", recorded("1618677817.2", frame_of({.id = 1})) +
                                        recorded("1618677818.2", frame_of({.id = 2})))};
  options.as_of.reset();
  EXPECT_EQ(run_well(options).output, outcome.output) << "as if the input had ended there";
}

TEST_F(Replay, shows_nothing_as_of_a_time_before_all) {
  Options options = options_for({file("rows.csv",
                                      "symbol,trade_id,ts_event,price,size,side\n"
                                      "BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\n")},
                                "coinbase");
  options.emit = Emit::kTrades;
  for (const std::int64_t as_of : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    options.as_of = RecvTime(as_of);
    const Outcome outcome = run_well(options);
    EXPECT_EQ(outcome.summary.frames, 0U) << as_of;
    EXPECT_EQ(lines_of(outcome.output).size(), 1U) << as_of;
  }
}

TEST_F(Replay, says_when_each_record_was_received_and_what_is_out_by_then) {
  Options options =
      options_for({file("frames.txt", recorded("1618677817.25", frame_of({.id = 1})) +
                                          recorded("1618677818.25", frame_of({.id = 2})))},
                  "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  options.emit = Emit::kTrades;
  options.output = path("out.csv");
  std::vector<std::size_t> lines_out;
  std::vector<std::int64_t> times;
  Hooks hooks;
  hooks.pace = [&](RecvTime ts_recv, const std::function<void()>& before_waiting) {
    before_waiting();
    times.push_back(ts_recv.unix_ns());
    lines_out.push_back(lines_of(read_text(options.output)).size());
  };
  const std::atomic<bool> stop{false};
  ASSERT_TRUE(tapeline::replay::run(options, hooks, stop));
  // Epoch and opening have no time; each frame stands behind its tick.
  EXPECT_EQ(times,
            (std::vector<std::int64_t>{0, 0, 1'618'677'817'200'000'000, 1'618'677'817'250'000'000,
                                       1'618'677'818'200'000'000, 1'618'677'818'250'000'000}));
  EXPECT_EQ(lines_out, (std::vector<std::size_t>{1, 1, 1, 1, 2, 2}));
}

TEST_F(Replay, stops_early_when_asked_and_says_so) {
  std::string text(kHeader);
  for (int id = 1; id < 50'000; ++id)
    text += fmt::format("A-A,{},2021-01-01T00:00:00Z,1,1,buy\n", id);
  Options options = options_for({file("rows.csv", text)}, "coinbase");
  options.output = path("out.csv");
  std::atomic<bool> stop{false};
  std::uint64_t looks = 0;
  Hooks hooks;
  hooks.on_progress = [&](const Progress& progress) {
    ++looks;
    EXPECT_LE(progress.bytes_done, *progress.bytes_total);
    stop = true;
  };
  const auto result = tapeline::replay::run(options, hooks, stop);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->interrupted);
  EXPECT_EQ(looks, 1U);
  EXPECT_LT(result->frames, 49'999U);
  const auto lines = lines_of(read_text(options.output));
  ASSERT_EQ(lines.size(), 2U) << "the header and one bar";
  EXPECT_NE(lines.back().find(fmt::format(",{},1,{},final,", result->frames, result->frames)),
            std::string::npos)
      << lines.back();
}

}  // namespace
}  // namespace tapeline::replay
