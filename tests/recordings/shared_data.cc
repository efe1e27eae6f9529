// SPDX-License-Identifier: Apache-2.0
#include "shared_data.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <utility>

#include "replay/byte_source.h"

namespace tapeline {

std::filesystem::path SharedData::data() {
  const char* told = std::getenv("TAPELINE_SHARED_DIR");
  return std::filesystem::path(told != nullptr ? told : TAPELINE_SHARED_DIR) / "data";
}

SharedData::SharedData() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "tapeline_shared_XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  scratch_ = pattern;
}

SharedData::~SharedData() {
  std::error_code ignored;
  std::filesystem::remove_all(scratch_, ignored);
}

void SharedData::SetUp() {
  if (std::filesystem::is_regular_file(data() / "MANIFEST.md")) return;
  const char* required = std::getenv("TAPELINE_REQUIRE_SHARED");
  if (required != nullptr && std::string_view(required) == "1") {
    FAIL() << "the recordings are required, and there are none in " << data();
  }
  std::cout << "NOT RUN: no recordings in " << data() << std::endl;
  GTEST_SKIP();
}

SharedData::Outcome SharedData::run(replay::Options options) {
  options.output = scratch("output.csv");
  options.rejects_file = scratch("rejects.csv");
  const std::atomic<bool> stop{false};
  Outcome outcome;
  const auto result = replay::run(options, {}, stop);
  if (!result) {
    ADD_FAILURE() << result.error().text;
    return outcome;
  }
  outcome.summary = *result;
  EXPECT_EQ(result->received, result->delivered + result->duplicate + result->late +
                                  result->rejected + result->shed + result->control);
  EXPECT_FALSE(result->damage);
  EXPECT_FALSE(result->interrupted);
  outcome.output = lines_of(read_whole(options.output));
  outcome.rejects = lines_of(read_whole(options.rejects_file));
  for (auto* lines : {&outcome.output, &outcome.rejects}) {
    if (!lines->empty()) lines->erase(lines->begin());
  }
  return outcome;
}

std::string read_whole(const std::filesystem::path& path) {
  constexpr std::size_t kPadding = 64;
  std::string text;
  auto source = replay::open_byte_source(path.string());
  EXPECT_TRUE(source) << path;
  if (!source) return text;
  std::array<char, 65536> block{};
  for (;;) {
    const auto size = (*source)->read(block);
    EXPECT_TRUE(size) << path;
    if (!size || *size == 0) break;
    text.append(block.data(), *size);
  }
  text.reserve(text.size() + kPadding);
  return text;
}

void write_whole(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  EXPECT_TRUE(out.good()) << path;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.emplace_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<Listed> listed_in_manifest(const std::string& manifest, const std::string& name) {
  constexpr std::string_view kFrames = " JSON msgs";
  constexpr std::string_view kTrades = "; trades ";
  for (const std::string& line : lines_of(manifest)) {
    if (line.find("`ws_recordings/cryptofeed/" + name + "`") == std::string::npos) continue;
    const std::size_t frames = line.find(kFrames);
    if (frames == std::string::npos) return std::nullopt;
    Listed listed;
    listed.frames = std::stoull(line.substr(line.rfind(' ', frames - 1) + 1));
    const std::size_t trades = line.find(kTrades);
    if (trades != std::string::npos)
      listed.trades = std::stoull(line.substr(trades + kTrades.size()));
    return listed;
  }
  return std::nullopt;
}

}  // namespace tapeline
