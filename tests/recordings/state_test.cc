// SPDX-License-Identifier: Apache-2.0
// Golden cases and real recordings, as a journal, give the same rows in one process and in many
// that hand each other nothing but bytes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/relay.h"
#include "replay/import.h"
#include "replay/journal_records.h"
#include "shared_data.h"

namespace tapeline {
namespace {

using pipeline::OwnedRecord;
using pipeline::Relay;
using replay::InputFormat;

// The records that an import makes of an input, and a tick by which silence closes every window.
std::vector<OwnedRecord> imported(const replay::Options& input, const std::string& data_dir) {
  const SystemClock clock;
  const std::atomic<bool> stop{false};
  replay::ImportOptions import;
  import.input = input;
  import.data_dir = data_dir;
  import.writer.sync = journal::SyncPolicy::kOs;
  const auto summary = replay::import_journal(import, clock, {}, stop);
  EXPECT_TRUE(summary && !summary->damage);
  auto journal = replay::JournalRecords::open(data_dir, std::size_t{1} << 20);
  EXPECT_TRUE(journal);
  std::vector<OwnedRecord> records;
  replay::RecordSource::Next next;
  RecvTime newest;
  while ((*journal)->next(next)) {
    records.emplace_back(next.record);
    newest = std::max(newest, next.record.ts_recv);
  }
  EXPECT_FALSE((*journal)->damage());
  journal::Record tick;
  tick.type = journal::RecordType::kTick;
  tick.ts_recv = newest + std::chrono::hours(1);
  tick.position = (*journal)->end();
  records.emplace_back(tick);
  return records;
}

// The first tick and one in `every` hand over, to another number of shards. How many rows there
// were.
std::size_t expect_equal(const std::vector<OwnedRecord>& records, std::uint64_t every) {
  pipeline::EngineOptions options;
  options.intervals = {std::chrono::seconds(1), std::chrono::seconds(5), std::chrono::minutes(1)};
  options.decode.lateness_from_epochs = true;
  Relay straight(options);
  straight.run(records);
  std::mt19937_64 random(every);
  Relay relay(options);
  relay.run(records, [&](std::size_t tick) {
    const bool is_due = tick == 0 || tick % every == every - 1;
    return is_due ? 1 + static_cast<unsigned>(random() % 4) : 0U;
  });
  EXPECT_GT(relay.handovers(), 0U);
  EXPECT_TRUE(relay.text() == straight.text());
  EXPECT_EQ(relay.counters(), straight.counters());
  return lines_of(straight.text()).size();
}

TEST(GoldenState, handed_over_at_every_tick_changes_no_row) {
  struct Case {
    const char* name;
    InputFormat format;
    const char* venue;
  };
  for (const Case& one : {Case{"coinbase_gap_and_repair", InputFormat::kCryptofeed, "coinbase"},
                          Case{"binance_aggregated", InputFormat::kRaw, "binance"},
                          Case{"rows_of_text_ids", InputFormat::kTradesCsv, ""}}) {
    SCOPED_TRACE(one.name);
    std::string folder =
        (std::filesystem::temp_directory_path() / "tapeline_state_XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    replay::Options input;
    input.inputs = {std::string("tests/golden/replay/") + one.name + "/input"};
    input.input_format = one.format;
    input.venue = one.venue;
    input.time_unit = TimeUnit::kMillis;
    if (one.format != InputFormat::kTradesCsv) input.time_unit = TimeUnit::kNone;
    EXPECT_GT(expect_equal(imported(input, folder), 1), 5U);
    std::filesystem::remove_all(folder);
  }
}

using RecordingsState = SharedData;

TEST_F(RecordingsState, handed_over_at_some_ticks_changes_no_row) {
  std::size_t recordings = 0;
  std::size_t rows = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(data() / "ws_recordings" / "cryptofeed")) {
    const std::string name = entry.path().filename().string();
    const bool is_coinbase = name.starts_with("COINBASE");
    if (!is_coinbase && !name.starts_with("BINANCE")) continue;
    SCOPED_TRACE(name);
    replay::Options input;
    input.inputs = {entry.path().string()};
    input.venue = is_coinbase ? "coinbase" : "binance";
    input.input_format = InputFormat::kCryptofeed;
    rows += expect_equal(imported(input, scratch(name)), 25);
    ++recordings;
  }
  EXPECT_GE(recordings, 9U);
  EXPECT_GT(rows, 5'000U);
}

}  // namespace
}  // namespace tapeline
