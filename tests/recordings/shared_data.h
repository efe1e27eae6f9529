// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/replay.h"

namespace tapeline {

// The recordings, and a folder for what a test makes of them.
class SharedData : public testing::Test {
 protected:
  SharedData();
  ~SharedData() override;
  SharedData(const SharedData&) = delete;
  SharedData& operator=(const SharedData&) = delete;

  // Skips, or fails where the recordings are required.
  void SetUp() override;

  [[nodiscard]] static std::filesystem::path data();
  [[nodiscard]] std::string scratch(const std::string& name) const {
    return (scratch_ / name).string();
  }

  struct Outcome {
    replay::Summary summary;
    std::vector<std::string> output;   // lines without the header
    std::vector<std::string> rejects;  // likewise
  };
  // Runs to the end or fails the test; checks that the counters add up.
  Outcome run(replay::Options options);

 private:
  std::filesystem::path scratch_;
};

// The whole of a file, decompressed by its name, with room behind it for the JSON reader.
std::string read_whole(const std::filesystem::path& path);
void write_whole(const std::string& path, std::string_view text);
std::vector<std::string> lines_of(std::string_view text);
std::vector<std::string> fields_of(std::string_view line);

// What MANIFEST.md says of a recording.
struct Listed {
  std::uint64_t frames = 0;
  std::uint64_t trades = 0;
};
std::optional<Listed> listed_in_manifest(const std::string& manifest, const std::string& name);

}  // namespace tapeline
