// SPDX-License-Identifier: Apache-2.0
// What is imported is replayed as the recording itself is: byte for byte.
#include "replay/import.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "decode/source.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "replay/journal_records.h"
#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

class Import : public ReplayFolder {
 protected:
  [[nodiscard]] std::string data_dir() const { return path("data"); }

  Result<ImportSummary> try_import(const Options& options) {
    const std::atomic<bool> stop{false};
    journal::WriterOptions writer;
    writer.batch_bytes = 700;
    writer.segment_bytes = 4'000;
    writer.new_journal = JournalId(9);
    return import_journal({options, data_dir(), writer}, clock_, {}, stop);
  }

  void import_well(const Options& options) {
    const auto summary = try_import(options);
    ASSERT_TRUE(summary) << summary.error().text;
    EXPECT_FALSE(summary->damage);
    EXPECT_FALSE(summary->interrupted);
  }

  static Options of_journal(Options options, const std::string& data_dir) {
    options.inputs = {data_dir};
    options.input_format = InputFormat::kJournal;
    options.instruments_file.clear();
    return options;
  }

  // Everything a replay can say of the recording and of the journal made of it.
  void expect_same_bytes(const Options& recording) {
    for (const Emit emit :
         {Emit::kBars, Emit::kTrades, Emit::kQuotes, Emit::kGaps, Emit::kCoverage}) {
      for (const unsigned shards : {1U, 2U, 3U, 8U}) {
        Options options = recording;
        options.emit = emit;
        options.shards = shards;
        options.revisions = Revisions::kAll;
        options.intervals = {std::chrono::seconds(1), std::chrono::minutes(1)};
        const Outcome foreign = run_well(options);
        const Outcome ours = run_well(of_journal(options, data_dir()));
        EXPECT_EQ(ours.output, foreign.output);
        EXPECT_EQ(ours.rejects, foreign.rejects);
        EXPECT_EQ(ours.summary.received, foreign.summary.received);
        EXPECT_EQ(ours.summary.notes, foreign.summary.notes);
        if (emit != Emit::kBars) break;
      }
    }
  }

  ManualClock clock_{RecvTime(0)};
};

constexpr const char* kCsv =
    "symbol,trade_id,ts_event,price,size,side\n"
    "BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\n"
    "BTC-USD,2,2024-01-01T00:00:02.5Z,101,2,sell\n"
    "\n"
    "no row at all\n"
    "BTC-USD,,2024-01-01T00:00:03Z,102,1,\n"
    "BTC-USD,,2024-01-01T00:00:03Z,102,1,\n"
    "ETH-USD,7,2024-01-01T00:05:00Z,10,1,buy\n"
    "BTC-USD,5,2024-01-01T00:01:00Z,99,1,buy\n"
    "BTC-USD,4,2024-01-01T00:00:30Z,98,1,buy\n";

TEST_F(Import, of_a_recording_replays_as_the_recording) {
  Options options = options_for({"tests/golden/replay/readme/input.txt"}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, of_rows_keeps_lines_ids_and_refusals) {
  const Options options = options_for({file("rows.csv", kCsv)}, "coinbase");
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, of_raw_frames_keeps_when_they_were_inferred_to_have_come) {
  std::string frames;
  for (std::uint64_t id = 1; id < 200; ++id) {
    CoinbaseMatch match;
    match.id = id + id / 50;
    match.time =
        fmt::format("2021-04-17T16:{:02}:{:02}.{:06}Z", id / 60, id % 60, (id * 7919) % 1'000'000);
    frames += frame_of(match) + "\n";
  }
  Options options = options_for({file("frames.txt", frames)}, "coinbase");
  options.input_format = InputFormat::kRaw;
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, a_second_one_goes_on_with_lines_and_connections) {
  const std::string first = file("first.csv",
                                 "symbol,trade_id,ts_event,price,size,side\n"
                                 "BTC-USD,,2024-01-01T00:00:01Z,100,1,buy\n");
  const std::string second = file("second.csv",
                                  "symbol,trade_id,ts_event,price,size,side\n"
                                  "BTC-USD,,2024-01-01T00:00:02Z,101,1,buy\n");
  import_well(options_for({first}, "coinbase"));
  import_well(options_for({second}, "coinbase"));
  Options options = of_journal(options_for({}, "coinbase"), data_dir());
  options.emit = Emit::kTrades;
  const Outcome outcome = run_well(options);
  EXPECT_EQ(outcome.summary.delivered, 2U) << "two trades without ids are two, not one twice";
  EXPECT_EQ(lines_of(outcome.output).size(), 3U);
}

TEST_F(Import, a_mistake_in_the_input_leaves_no_journal) {
  const auto summary = try_import(options_for({path("nowhere.csv")}, "coinbase"));
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().fault, Fault::kCaller);
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
}

TEST_F(Import, a_folder_without_a_journal_is_said) {
  const Outcome outcome = run(of_journal(options_for({}, "coinbase"), path("nothing")));
  EXPECT_EQ(outcome.error, path("nothing") +
                               "/journal: there is no journal; tapeline journal "
                               "import makes one from recordings");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
}

TEST_F(Import, a_damaged_journal_is_used_up_to_the_damage) {
  import_well(options_for({file("rows.csv", kCsv)}, "coinbase"));
  std::string last;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir() + "/journal")) {
    const std::string name = entry.path().string();
    if (name.ends_with(".journal")) last = std::max(last, name);
  }
  std::string bytes = read_text(last);
  bytes[bytes.size() - 100] = static_cast<char>(bytes[bytes.size() - 100] ^ 1);
  write_text(last, bytes);
  const Outcome outcome = run(of_journal(options_for({}, "coinbase"), data_dir()));
  EXPECT_EQ(outcome.error, "");
  ASSERT_TRUE(outcome.summary.damage);
  EXPECT_NE(outcome.summary.damage->text.find(last + ": is damaged at byte"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::replay
