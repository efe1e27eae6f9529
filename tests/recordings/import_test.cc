// SPDX-License-Identifier: Apache-2.0
// Recordings made into a journal say what they said themselves, byte for byte.
#include "replay/import.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "shared_data.h"

namespace tapeline {
namespace {

class Imports : public SharedData {
 protected:
  void import_recording(const replay::Options& options, const std::string& data_dir) {
    const SystemClock clock;
    const std::atomic<bool> stop{false};
    replay::ImportOptions import;
    import.input = options;
    import.data_dir = data_dir;
    import.writer.sync = journal::SyncPolicy::kOs;
    import.writer.segment_bytes = 1'000'000;
    const auto summary = replay::import_journal(import, clock, {}, stop);
    ASSERT_TRUE(summary) << summary.error().text;
    EXPECT_FALSE(summary->damage);
  }

  void expect_the_same(replay::Options options, const std::string& data_dir) {
    using replay::Emit;
    options.revisions = replay::Revisions::kAll;
    options.intervals = {std::chrono::seconds(1), std::chrono::minutes(1)};
    options.shards = 2;
    for (const Emit emit :
         {Emit::kBars, Emit::kTrades, Emit::kQuotes, Emit::kGaps, Emit::kCoverage}) {
      options.emit = emit;
      const Outcome recording = run(options);
      replay::Options of_journal = options;
      of_journal.inputs = {data_dir};
      of_journal.input_format = replay::InputFormat::kJournal;
      of_journal.venue.clear();
      const Outcome journal = run(of_journal);
      EXPECT_EQ(journal.output, recording.output);
      EXPECT_EQ(journal.rejects, recording.rejects);
      EXPECT_EQ(journal.summary.received, recording.summary.received);
      EXPECT_EQ(journal.summary.frames, recording.summary.frames);
    }
  }
};

TEST_F(Imports, of_every_recording_replay_to_the_same_bytes) {
  const std::filesystem::path folder = data() / "ws_recordings" / "cryptofeed";
  int recordings = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    replay::Options options;
    if (name.starts_with("COINBASE")) options.venue = "coinbase";
    if (name.starts_with("BINANCE")) options.venue = "binance";
    if (options.venue.empty()) continue;
    SCOPED_TRACE(name);
    options.inputs = {entry.path().string()};
    import_recording(options, scratch(name));
    expect_the_same(options, scratch(name));
    std::filesystem::remove_all(scratch(name));
    ++recordings;
  }
  EXPECT_GE(recordings, 9);
}

}  // namespace
}  // namespace tapeline
