// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::filesystem::path kFolder = "tests/golden/replay";

Options options_of(InputFormat format, std::string venue, std::vector<Duration> intervals) {
  Options options;
  options.input_format = format;
  options.venue = std::move(venue);
  options.intervals = std::move(intervals);
  options.revisions = Revisions::kAll;
  return options;
}

std::map<std::string, Options> cases() {
  std::map<std::string, Options> cases;
  cases["coinbase_gap_and_repair"] =
      options_of(InputFormat::kCryptofeed, "coinbase", {seconds(1), seconds(5)});
  cases["binance_aggregated"] = options_of(InputFormat::kRaw, "binance", {minutes(1)});
  cases["bybit_order_by_sequence"] = options_of(InputFormat::kRaw, "bybit", {minutes(1)});
  cases["finnhub_equal_prints"] = options_of(InputFormat::kRaw, "finnhub", {minutes(1)});
  cases["finnhub_conditions"] = options_of(InputFormat::kRaw, "finnhub", {seconds(10), minutes(1)});
  cases["twelvedata_without_sizes"] = options_of(InputFormat::kRaw, "twelvedata", {minutes(1)});
  cases["kraken_snapshot_and_gap"] = options_of(InputFormat::kRaw, "kraken", {minutes(1)});
  cases["okx_joined_fills"] = options_of(InputFormat::kRaw, "okx", {minutes(1)});
  cases["rows_of_text_ids"] = options_of(InputFormat::kTradesCsv, "", {seconds(2)});
  cases["rows_of_text_ids"].time_unit = TimeUnit::kMillis;
  return cases;
}

class Golden : public ReplayFolder {};

TEST_F(Golden, every_case_is_run) {
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    // A case with an input of another name belongs to another test.
    if (!std::filesystem::exists(entry.path() / "input")) continue;
    folders.insert(entry.path().filename().string());
  }
  std::set<std::string> known;
  for (const auto& [name, options] : cases()) known.insert(name);
  EXPECT_EQ(folders, known);
}

// Straight, and with other numbers of threads and sizes of batches.
TEST_F(Golden, cases_give_the_expected_bytes_in_every_way) {
  for (auto [name, options] : cases()) {
    SCOPED_TRACE(name);
    options.inputs = {(kFolder / name / "input").string()};
    const std::string expected = read_text((kFolder / name / "expected").string());
    EXPECT_EQ(run_well(options).output, expected);
    for (const unsigned shards : {2U, 8U}) {
      options.shards = shards;
      options.batch_bytes = 4096;
      EXPECT_EQ(run_well(options).output, expected);
    }
  }
}

TEST_F(Golden, holes_of_the_aggregated_case_are_named) {
  Options options = cases()["binance_aggregated"];
  options.inputs = {(kFolder / "binance_aggregated" / "input").string()};
  options.emit = Emit::kGaps;
  const Outcome outcome = run_well(options);
  EXPECT_EQ(lines_of(outcome.output).at(1),
            "binance:ETH-BTC,agg_trades,504,505,2021-01-01T00:00:01.000000000Z,"
            "2021-01-01T00:01:02.000000000Z,lost,open");
  EXPECT_EQ(fields_of(lines_of(outcome.rejects).at(1))[2], "fills_overlap");
}

}  // namespace
}  // namespace tapeline::replay
