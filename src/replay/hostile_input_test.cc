// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "base/address_sanitizer.h"
#include "base/thread_sanitizer.h"
#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

using Lines = std::vector<std::string>;

class HostileInput : public ReplayFolder {
 protected:
  Outcome run_raw(std::string_view text) { return run_well(options_of(text, InputFormat::kRaw)); }
  Outcome run_csv(std::string_view text) {
    return run_well(options_of(text, InputFormat::kTradesCsv));
  }
  Outcome run_recording(std::string_view text) {
    return run_well(options_of(text, InputFormat::kCryptofeed));
  }

  Options options_of(std::string_view text, InputFormat format) {
    Options options = options_for({file("input", text)}, "coinbase");
    options.input_format = format;
    options.emit = Emit::kTrades;
    return options;
  }
};

// Line number and reason of each reject.
Lines reasons_of(const std::string& rejects) {
  Lines reasons;
  for (const std::string& line : lines_of(rejects)) {
    const auto fields = fields_of(line);
    reasons.push_back(fields[1] + " " + fields[2]);
  }
  if (!reasons.empty()) reasons.erase(reasons.begin());
  return reasons;
}

std::string good(std::uint64_t id) { return frame_of({.id = id}); }

TEST_F(HostileInput, names_the_line_and_the_reason_of_every_reject) {
  const auto outcome =
      run_raw(good(1) + "\n\n{\"type\":\n" + frame_of({.id = 2, .price = "1e5"}) + "\n" +
              "{}\n[]\n" + frame_of({.id = 3, .size = "-1"}) + "\n" +
              frame_of({.id = 4, .time = "2101-01-01T00:00:00.000000Z"}) + "\n" + good(5));
  EXPECT_EQ(reasons_of(outcome.rejects),
            (Lines{"3 bad_json", "4 bad_price", "5 no_kind", "6 no_kind", "7 negative_size",
                   "8 time_out_of_window"}));
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(outcome.summary.frames, 8U);
  EXPECT_EQ(outcome.summary.frames_rejected, 6U);
  EXPECT_TRUE(outcome.summary.over_rejects_limit);
  EXPECT_EQ(lines_of(outcome.rejects)[0], "input,line,reason,detail,excerpt");
  EXPECT_EQ(lines_of(outcome.rejects)[1],
            "\"" + path("input") + "\",3,bad_json,\"\",\"{\"\"type\"\":\"");
}

TEST_F(HostileInput, numbers_the_lines_of_each_input_from_one) {
  Options options = options_for({file("a", good(1) + "\nx\n"), file("b", "{\n")}, "coinbase");
  options.input_format = InputFormat::kRaw;
  const auto outcome = run_well(options);
  const Lines rejects = lines_of(outcome.rejects);
  ASSERT_EQ(rejects.size(), 3U);
  EXPECT_TRUE(rejects[1].starts_with("\"" + path("a") + "\",2,")) << rejects[1];
  EXPECT_TRUE(rejects[2].starts_with("\"" + path("b") + "\",1,")) << rejects[2];
}

TEST_F(HostileInput, counts_a_broken_line_of_a_recording_as_a_frame) {
  const auto outcome = run_recording(recorded("1618677818", good(1)) + "garbage\n161867.: {}\n" +
                                     "wss://x <- 1618677818.5: {\"type\":\"subscribe\"}\n");
  EXPECT_EQ(reasons_of(outcome.rejects), (Lines{"2 bad_row", "3 bad_row"}));
  EXPECT_EQ(outcome.summary.frames, 3U);
}

TEST_F(HostileInput, limits_rejects_by_share_and_by_number) {
  std::string text;
  for (std::uint64_t id = 1; id <= 99; ++id) text += good(id) + "\n";
  text += "{\n";
  Options options = options_of(text, InputFormat::kRaw);
  EXPECT_FALSE(run_well(options).summary.over_rejects_limit);  // exactly 1 %
  options.rejects_limit.percent = 0.99;
  EXPECT_TRUE(run_well(options).summary.over_rejects_limit);
  options.rejects_limit.percent = 0;
  EXPECT_TRUE(run_well(options).summary.over_rejects_limit);
  options.rejects_limit.count = 1;
  EXPECT_FALSE(run_well(options).summary.over_rejects_limit);
  options.rejects_limit.count = 0;
  EXPECT_TRUE(run_well(options).summary.over_rejects_limit);
}

TEST_F(HostileInput, of_nothing_gives_a_header_alone) {
  for (const InputFormat format :
       {InputFormat::kRaw, InputFormat::kCryptofeed, InputFormat::kDetect}) {
    const auto outcome = run_well(options_of("", format));
    EXPECT_EQ(lines_of(outcome.output).size(), 1U);
    EXPECT_EQ(outcome.summary.frames, 0U);
    EXPECT_FALSE(outcome.summary.over_rejects_limit);
  }
}

TEST_F(HostileInput, of_blank_lines_gives_a_header_alone) {
  for (const InputFormat format :
       {InputFormat::kRaw, InputFormat::kCryptofeed, InputFormat::kDetect}) {
    const auto outcome = run_well(options_of("\n\r\n\n\n", format));
    EXPECT_EQ(lines_of(outcome.output).size(), 1U);
    EXPECT_EQ(outcome.summary.frames, 0U);
  }
}

TEST_F(HostileInput, may_begin_with_blank_lines) {
  const auto outcome = run_well(options_of("\n\n" + good(1) + "\n" + "x\n", InputFormat::kDetect));
  EXPECT_EQ(outcome.summary.delivered, 1U);
  EXPECT_EQ(reasons_of(outcome.rejects), (Lines{"4 bad_json"}));
}

TEST_F(HostileInput, without_a_header_is_wrong_use) {
  const auto outcome = run(options_of("", InputFormat::kTradesCsv));
  EXPECT_EQ(outcome.error,
            path("input") + ": is empty; a header line with the columns' names is missing");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
}

TEST_F(HostileInput, without_a_column_is_wrong_use_that_names_it) {
  const auto outcome =
      run(options_of("symbol,trade_id,ts_event,prize,size,side\n", InputFormat::kTradesCsv));
  EXPECT_NE(outcome.error.find("price"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("prize"), std::string::npos) << outcome.error;
  EXPECT_EQ(outcome.fault, Fault::kCaller);
}

TEST_F(HostileInput, with_integer_times_needs_a_unit) {
  const std::string text =
      "symbol,trade_id,ts_event,price,size,side\nA-A,1,1618677817000,1,1,buy\n";
  Options options = options_of(text, InputFormat::kDetect);
  const auto outcome = run(options);
  EXPECT_EQ(
      outcome.error,
      path("input") + ": 2: times are integers; say what they count: --time-unit s, ms, us or ns");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
  options.time_unit = TimeUnit::kMillis;
  EXPECT_NE(run_well(options).output.find("2021-04-17T16:43:37.000000000Z"), std::string::npos);
}

TEST_F(HostileInput, of_another_venue_is_said_in_a_note) {
  Options options = options_of(good(1) + "\n" + good(2) + "\n", InputFormat::kDetect);
  options.venue = "binance";
  const auto outcome = run_well(options);
  EXPECT_EQ(outcome.summary.delivered, 0U);
  EXPECT_TRUE(outcome.summary.over_rejects_limit);
  EXPECT_EQ(outcome.summary.notes,
            (Lines{"2 of 2 frames carry no mark of binance: is --venue right?"}));
}

TEST_F(HostileInput, of_another_venue_whose_frames_look_like_ours_is_said_too) {
  const std::string bybit = R"({"type":"snapshot","topic":"publicTrade.BTCUSDT","data":[]})";
  const auto outcome = run_well(options_of(bybit + "\n" + bybit + "\n", InputFormat::kRaw));
  EXPECT_EQ(outcome.summary.delivered, 0U);
  EXPECT_EQ(outcome.summary.notes,
            (Lines{"2 of 2 frames are of kinds that are not parsed, and none held a trade or quote "
                   "of coinbase: is --venue right?"}));
}

TEST_F(HostileInput, of_a_venue_nobody_knows_is_wrong_use) {
  Options options = options_of(good(1) + "\n", InputFormat::kDetect);
  options.venue = "mtgox";
  const auto outcome = run(options);
  EXPECT_EQ(outcome.error, path("input") + ": unknown venue \"mtgox\"");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
  options.venue = "";
  EXPECT_EQ(run(options).fault, Fault::kCaller);
}

TEST_F(HostileInput, keeps_its_memory_whatever_the_length_of_a_line) {
  const std::string name = path("input");
  {
    std::ofstream out(name, std::ios::binary);
    out << good(1) << '\n';
    const std::string megabyte(1'000'000, '{');
    for (int i = 0; i < 200; ++i) out << megabyte;  // more than the bound below
    out << '\n' << good(2) << '\n';
  }
  rusage before{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &before), 0);
  Options options = options_for({name}, "coinbase");
  options.input_format = InputFormat::kRaw;
  const auto outcome = run_well(options);
  rusage after{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &after), 0);
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(reasons_of(outcome.rejects), (Lines{"2 line_too_long"}));
  // The longest line that is read is 64 MiB; while the buffer grows the smaller half stands beside.
  // AddressSanitizer keeps that and all the smaller ones, which together are as much as the line.
  constexpr long kLineMib = 64;
  const long smaller_mib = has_address_sanitizer() ? kLineMib : kLineMib / 2;
  constexpr long kOthersMib = 64;
  const long with_shadow = kHasThreadSanitizer ? 40 : has_address_sanitizer() ? 9 : 8;  // eighths
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss,
            (kLineMib + smaller_mib + kOthersMib) * 1024 * with_shadow / 8);
}

TEST_F(HostileInput, with_nul_bytes_is_refused_line_by_line) {
  using namespace std::string_literals;
  const auto outcome = run_raw(good(1) + "\n" + "\0\0\0\n"s + good(2).insert(20, "\0"s) + "\n" +
                               good(3) + "\0"s + "\n" + good(4) + "\n");
  EXPECT_EQ(reasons_of(outcome.rejects), (Lines{"2 bad_json", "3 bad_json", "4 bad_json"}));
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(outcome.rejects.find('\0'), std::string::npos);
}

TEST_F(HostileInput, with_invalid_utf8_never_reaches_an_output) {
  const auto frames = run_raw(frame_of({.symbol = "A\xff-B"}) + "\n" +
                              frame_of({.symbol = "\xc3\x28"}) + "\n" + good(3) + "\n");
  EXPECT_EQ(frames.summary.delivered, 1U);
  EXPECT_EQ(frames.summary.rejected, 2U);
  EXPECT_EQ(frames.output.find('\xff'), std::string::npos);
  const auto rows = run_csv(
      "symbol,trade_id,ts_event,price,size,side\nA\xff,1,2021-01-01T00:00:00Z,1,1,buy\n"
      "A,\xff,2021-01-01T00:00:00Z,1,1,buy\n");
  EXPECT_EQ(reasons_of(rows.rejects), (Lines{"2 bad_symbol", "3 bad_id"}));
  EXPECT_EQ(rows.rejects.find('\xff'), std::string::npos);
}

TEST_F(HostileInput, cannot_forge_columns_of_the_output) {
  const auto outcome = run_csv(
      "symbol,trade_id,ts_event,price,size,side\n"
      "\"A,B\",1,2021-01-01T00:00:00Z,1,1,buy\n"
      "\"A\"\"B\",1,2021-01-01T00:00:00Z,1,1,buy\n"
      "A B,1,2021-01-01T00:00:00Z,1,1,buy\n"
      "AB,\"1,2\",2021-01-01T00:00:00Z,1,1,buy\n");
  EXPECT_EQ(outcome.summary.delivered, 0U);
  EXPECT_EQ(reasons_of(outcome.rejects),
            (Lines{"2 bad_symbol", "3 bad_symbol", "4 bad_symbol", "5 bad_id"}));
}

TEST_F(HostileInput, nested_deeply_is_refused) {
  std::string deep(10'000, '[');
  deep += std::string(10'000, ']');
  const auto outcome =
      run_raw(good(1) + "\n{\"type\":\"match\",\"x\":" + deep + "}\n{\"a\":" + deep + "}\n" + deep +
              "\n" + std::string(10'000, '{') + "\n" + good(2) + "\n");
  EXPECT_EQ(outcome.summary.delivered, 2U);
  EXPECT_EQ(outcome.summary.rejected, 4U);
}

TEST_F(HostileInput, far_in_the_future_or_before_1970_moves_nothing) {
  // Stamps at the edges of what 64 bits of nanoseconds hold.
  const auto outcome = run_recording(
      recorded("1618677818", good(1)) + recorded("9223372034.9", good(2)) +
      recorded("9223372036854775807", good(3)) + recorded("0", good(4)) +
      recorded("5", frame_of({.id = 5, .time = "1969-12-31T23:59:58.000000Z"})) +
      recorded("1618677819", good(6)) +
      recorded("1618677819", frame_of({.id = 7, .time = "0001-01-01T00:00:00.000000Z"})));
  EXPECT_EQ(outcome.summary.rejected, 4U);
  Options options = options_of(read_text(path("input")), InputFormat::kCryptofeed);
  options.emit = Emit::kBars;
  options.revisions = Revisions::kAll;
  const auto bars = run_well(options);
  EXPECT_EQ(lines_of(bars.output).size(), 1U + 3U) << bars.output;
}

TEST_F(HostileInput, at_the_edges_of_time_in_rows_breaks_nothing) {
  std::string text = "symbol,trade_id,ts_event,price,size,side,ts_recv\n";
  std::uint64_t id = 1;
  for (const std::int64_t recv : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                  std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t event : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                     std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}) {
      text += fmt::format("A-A,{},{},1,1,buy,{}\n", id++, event, recv);
    }
  }
  Options options = options_of(text, InputFormat::kTradesCsv);
  options.time_unit = TimeUnit::kNanos;
  options.emit = Emit::kBars;
  options.revisions = Revisions::kAll;
  options.intervals = {std::chrono::seconds(1), std::chrono::hours(24 * 366)};
  EXPECT_EQ(run_well(options).summary.frames, 16U);
}

TEST_F(HostileInput, a_row_without_its_time_of_receipt_moves_no_clock) {
  // The times are 2200 and 1800: with a time of receipt of its own, neither would be let in.
  Options options = options_of(
      "symbol,trade_id,ts_event,price,size,side,ts_recv\n"
      "BTC-USD,1,2024-01-01T00:00:10Z,1,1,buy,2024-01-01T00:00:10Z\n"
      "BTC-USD,2,2200-01-01T00:00:00Z,1,1,buy,\n"
      "BTC-USD,3,2024-01-01T00:00:50Z,2,1,buy,2024-01-01T00:00:50Z\n"
      "BTC-USD,4,2024-01-01T00:01:10Z,3,1,buy,2024-01-01T00:01:10Z\n"
      "BTC-USD,5,1800-01-01T00:00:00Z,1,1,buy,\n"
      "BTC-USD,6,2024-01-01T00:01:11Z,4,1,buy,\n",
      InputFormat::kTradesCsv);
  options.lateness = std::chrono::hours(24);
  options.emit = Emit::kBars;
  options.revisions = Revisions::kAll;
  const auto outcome = run_well(options);
  EXPECT_EQ(outcome.summary.delivered, 4U);
  EXPECT_EQ(outcome.summary.rejected, 2U);
  EXPECT_EQ(lines_of(outcome.output).size(), 1U + 2U) << outcome.output;
}

TEST_F(HostileInput, trades_at_the_end_of_time_and_the_longest_intervals_break_nothing) {
  for (const char* time : {"2260-04-01T00:00:00Z", "2261-04-10T00:00:00Z"}) {
    Options options = options_of(
        "symbol,trade_id,ts_event,price,size,side,ts_recv\n"
        "BTC-USD,1," +
            std::string(time) + ",1,1,buy," + time + "\n",
        InputFormat::kTradesCsv);
    options.intervals = {std::chrono::hours(24), std::chrono::hours(24 * 366)};
    options.idle_timeout = std::chrono::hours(24 * 365);
    const auto outcome = run_well(options);
    EXPECT_EQ(outcome.summary.delivered + outcome.summary.rejected, 1U) << time;
  }
}

TEST_F(HostileInput, rows_without_their_time_of_receipt_came_with_the_row_before) {
  const auto outcome = run_csv(
      "symbol,trade_id,ts_event,price,size,side,ts_recv\n"
      "A-A,1,2021-01-01T00:00:01Z,1,1,buy,\n"
      "A-A,2,2021-01-01T00:00:02Z,1,1,buy,2021-01-01T00:00:02.5Z\n"
      "A-A,3,2021-01-01T00:00:03Z,1,1,buy,\n");
  EXPECT_EQ(outcome.rejects, "input,line,reason,detail,excerpt\n");
  EXPECT_EQ(outcome.summary.delivered, 3U);
}

}  // namespace
}  // namespace tapeline::replay
