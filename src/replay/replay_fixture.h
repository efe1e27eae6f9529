// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "replay/replay.h"

namespace tapeline::replay {

// A folder of its own for each test, gone afterwards, and replays of the files in it.
class ReplayFolder : public testing::Test {
 protected:
  ReplayFolder();
  ~ReplayFolder() override;
  ReplayFolder(const ReplayFolder&) = delete;
  ReplayFolder& operator=(const ReplayFolder&) = delete;

  // The path of a new file that holds `text`.
  std::string file(const std::string& name, std::string_view text);
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  struct Outcome {
    Summary summary;
    std::string output;
    std::string rejects;
    std::string error;  // of a run that failed
    Fault fault = Fault::kOurs;
  };
  // Runs with output and rejects in the folder, unless the options say where.
  Outcome run(Options options);
  // The same, of a run that must not fail.
  Outcome run_well(const Options& options);

 private:
  std::filesystem::path folder_;
};

std::string read_text(const std::string& path);
void write_text(const std::string& path, std::string_view text);
std::vector<std::string> lines_of(std::string_view text);
// The fields of a line without quotes.
std::vector<std::string> fields_of(std::string_view line);

Options options_for(std::vector<std::string> inputs, std::string venue);

// A frame of Coinbase in the venue's own form.
struct CoinbaseMatch {
  std::string symbol = "BTC-USD";
  std::uint64_t id = 1;
  std::string time = "2021-04-17T16:43:37.000000Z";
  std::string price = "100";
  std::string size = "1";
  std::string maker_side = "sell";
  std::string type = "match";
};
std::string frame_of(const CoinbaseMatch& match);
std::string recorded(std::string_view unix_seconds, std::string_view frame);

// The counters add up to what was received (Semantics 11).
void expect_conserved(const Summary& summary);

}  // namespace tapeline::replay
