// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared_data.h"

namespace tapeline {
namespace {

using Recordings = SharedData;

// Every recording of a venue family whose dialect is known here, with the venue that reads it.
std::map<std::string, std::string> recordings_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("COINBASE")) found[name] = "coinbase";
    if (name.starts_with("BINANCE")) found[name] = "binance";
    if (name.starts_with("OKX")) found[name] = "okx";
  }
  return found;
}

TEST_F(Recordings, of_the_present_dialects_are_read_without_a_reject) {
  const std::filesystem::path folder = data() / "ws_recordings" / "cryptofeed";
  const std::string manifest = read_whole(data() / "MANIFEST.md");
  const auto recordings = recordings_in(folder);
  EXPECT_GE(recordings.size(), 10U);
  std::uint64_t trades = 0;
  for (const auto& [name, venue] : recordings) {
    SCOPED_TRACE(name);
    const auto listed = listed_in_manifest(manifest, name);
    ASSERT_TRUE(listed);
    replay::Options options;
    options.inputs = {(folder / name).string()};
    options.venue = venue;
    options.input_format = replay::InputFormat::kCryptofeed;
    options.emit = replay::Emit::kTrades;
    const Outcome outcome = run(options);
    EXPECT_EQ(outcome.summary.frames, listed->frames);
    EXPECT_EQ(outcome.output.size(), listed->trades);
    EXPECT_EQ(outcome.rejects, std::vector<std::string>{});
    EXPECT_EQ(outcome.summary.rejected, 0U);
    EXPECT_EQ(outcome.summary.late, 0U);
    trades += outcome.output.size();
    options.emit = replay::Emit::kQuotes;
    const std::uint64_t quotes = run(options).output.size();
    EXPECT_EQ(outcome.summary.delivered, listed->trades + quotes);
  }
  EXPECT_GT(trades, 2'000U);
}

// Version 1 is another dialect: nothing of it is data, and nothing of it is lost.
TEST_F(Recordings, of_krakens_version_1_end_as_counted_rejects) {
  for (const std::string name : {"KRAKEN.ws.48.0.zst", "KRAKEN.ws.49.0.zst"}) {
    replay::Options options;
    options.inputs = {(data() / "ws_recordings" / "cryptofeed" / name).string()};
    options.venue = "kraken";
    options.input_format = replay::InputFormat::kCryptofeed;
    options.emit = replay::Emit::kTrades;
    const Outcome outcome = run(options);
    EXPECT_TRUE(outcome.output.empty());
    EXPECT_EQ(outcome.summary.rejected, outcome.summary.frames) << name;
  }
}

// The venues sent them in order and without a hole; what is lost at the edges is not known.
TEST_F(Recordings, have_no_holes) {
  const std::filesystem::path folder = data() / "ws_recordings" / "cryptofeed";
  for (const auto& [name, venue] : recordings_in(folder)) {
    SCOPED_TRACE(name);
    replay::Options options;
    options.inputs = {(folder / name).string()};
    options.venue = venue;
    options.input_format = replay::InputFormat::kCryptofeed;
    options.emit = replay::Emit::kGaps;
    EXPECT_EQ(run(options).output, std::vector<std::string>{});
  }
}

TEST_F(Recordings, give_the_same_bars_in_one_thread_or_eight) {
  const std::filesystem::path folder = data() / "ws_recordings" / "cryptofeed";
  for (const auto& [name, venue] : recordings_in(folder)) {
    SCOPED_TRACE(name);
    replay::Options options;
    options.inputs = {(folder / name).string()};
    options.venue = venue;
    options.input_format = replay::InputFormat::kCryptofeed;
    options.revisions = replay::Revisions::kAll;
    options.intervals = {std::chrono::seconds(1), std::chrono::seconds(5), std::chrono::minutes(1)};
    const Outcome one = run(options);
    options.shards = 8;
    options.batch_bytes = 4096;
    EXPECT_EQ(run(options).output, one.output);
  }
}

}  // namespace
}  // namespace tapeline
