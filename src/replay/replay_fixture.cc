// SPDX-License-Identifier: Apache-2.0
#include "replay/replay_fixture.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace tapeline::replay {

ReplayFolder::ReplayFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "tapeline_replay_XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
}

ReplayFolder::~ReplayFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string ReplayFolder::file(const std::string& name, std::string_view text) {
  write_text(path(name), text);
  return path(name);
}

ReplayFolder::Outcome ReplayFolder::run(Options options) {
  if (options.output.empty()) options.output = path("output.csv");
  if (options.rejects_file.empty()) options.rejects_file = path("rejects.csv");
  const std::atomic<bool> stop{false};
  Outcome outcome;
  const auto result = tapeline::replay::run(options, {}, stop);
  if (!result) {
    outcome.error = result.error().text;
    outcome.fault = result.error().fault;
    return outcome;
  }
  outcome.summary = *result;
  outcome.output = read_text(options.output);
  outcome.rejects = read_text(options.rejects_file);
  return outcome;
}

ReplayFolder::Outcome ReplayFolder::run_well(const Options& options) {
  Outcome outcome = run(options);
  EXPECT_EQ(outcome.error, "");
  expect_conserved(outcome.summary);
  return outcome;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_text(const std::string& path, std::string_view text) {
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

Options options_for(std::vector<std::string> inputs, std::string venue) {
  Options options;
  options.inputs = std::move(inputs);
  options.venue = std::move(venue);
  return options;
}

std::string frame_of(const CoinbaseMatch& match) {
  return fmt::format(
      R"({{"type":"{}","trade_id":{},"maker_order_id":"00000000-0000-0000-0000-000000000001",)"
      R"("taker_order_id":"00000000-0000-0000-0000-000000000002","side":"{}","size":"{}",)"
      R"("price":"{}","product_id":"{}","sequence":{},"time":"{}"}})",
      match.type, match.id, match.maker_side, match.size, match.price, match.symbol,
      1'000 + match.id, match.time);
}

std::string recorded(std::string_view unix_seconds, std::string_view frame) {
  return fmt::format("{}: {}\n", unix_seconds, frame);
}

void expect_conserved(const Summary& summary) {
  EXPECT_EQ(summary.received, summary.delivered + summary.duplicate + summary.late +
                                  summary.rejected + summary.shed + summary.control);
  EXPECT_LE(summary.frames_rejected, summary.frames);
  EXPECT_LE(summary.frames_rejected, summary.rejected);
}

}  // namespace tapeline::replay
