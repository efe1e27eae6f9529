// SPDX-License-Identifier: Apache-2.0
#include "app/help.h"

#include <cstddef>
#include <string_view>

#include "app/config/schema.h"

namespace tapeline::app {
namespace {

constexpr std::size_t kTextColumn = 30;
constexpr std::size_t kWidth = 100;

// "  left           text, wrapped in its column".
void add_row(std::string& out, std::string_view left, std::string_view text) {
  std::string line = "  " + std::string(left) + "  ";
  if (line.size() < kTextColumn) line.resize(kTextColumn, ' ');
  while (line.size() + text.size() > kWidth) {
    std::size_t space = text.rfind(' ', kWidth - line.size());
    if (space == std::string_view::npos || space == 0) break;
    out += line + std::string(text.substr(0, space)) + '\n';
    text.remove_prefix(space + 1);
    line.assign(kTextColumn, ' ');
  }
  out += line + std::string(text) + '\n';
}

void add_global_options(std::string& out) {
  out += "\nFor every command:\n";
  add_row(out, "--config FILE", "read this YAML file first; the command line wins");
  add_row(out, "--set KEY=VALUE", "change a key of the configuration; repeatable");
  add_row(out, "--quiet", "no progress and no summary on stderr");
  add_row(out, "-h, --help", "this page");
}

std::string program_page() {
  std::string out =
      "Tapeline: a market-data pipeline that knows what it missed.\n"
      "\n"
      "Usage: tapeline [--config FILE] [--set KEY=VALUE]... COMMAND\n"
      "\n"
      "Commands:\n";
  add_row(out, "replay INPUT...", "recorded input through the same path as live data");
  add_row(out, "check", "validate the configuration");
  add_global_options(out);
  add_row(out, "--version", "version, commit, compiler, build type and optional parts");
  out +=
      "\n"
      "Exit status: 0 done, 1 failed while running, 2 wrong use or configuration,\n"
      "3 a check found something, 130 interrupted.\n"
      "\n"
      "Example:\n"
      "  tapeline replay COINBASE.ws.zst --venue coinbase --emit bars --interval 1m\n";
  return out;
}

std::string replay_page() {
  std::string out =
      "Usage: tapeline replay INPUT... [OPTION]...\n"
      "\n"
      "Reads recordings and writes trades, quotes, bars, gaps or coverage as CSV. INPUT may end "
      "in\n"
      ".zst, .xz or .gz; - is standard input.\n"
      "\n"
      "Options:\n";
  for (const OptionRow& row : replay_option_table()) {
    std::string left = row.short_name.empty() ? "" : std::string(row.short_name) + ", ";
    left += std::string(row.name) + ' ' + std::string(row.placeholder);
    add_row(out, left, row.help);
  }
  add_global_options(out);
  out +=
      "\n"
      "Durations are like 500ms, 2s, 5m, 1h or 1d; times like 2021-04-17T16:43:37Z. From --config\n"
      "come stream.intervals, disorder, idle_timeout and shards, and the venue of an only feed.\n"
      "\n"
      "Examples:\n"
      "  tapeline replay COINBASE.ws.zst --venue coinbase --emit trades -i coinbase:BTC-USD\n"
      "  tapeline replay trades.csv --input-format trades-csv --venue binance --interval 1m,1h\n";
  return out;
}

std::string check_page() {
  std::string out =
      "Usage: tapeline [--config FILE] check [--show]\n"
      "\n"
      "Validates the configuration and names every mistake with file, line and key.\n"
      "\n"
      "Options:\n";
  add_row(out, "--show", "print every value in force with where it came from");
  add_global_options(out);
  out += "\nKeys:\n";
  for (const config::Key& key : config::schema()) {
    add_row(out, key.path, std::string(key.help) + " (" + std::string(key.allowed) + ")");
  }
  out +=
      "\n"
      "Example:\n"
      "  tapeline --config tapeline.yaml --set stream.disorder=5s check --show\n";
  return out;
}

}  // namespace

std::string help_text(Command command) {
  switch (command) {
    case Command::kNone:
      return program_page();
    case Command::kReplay:
      return replay_page();
    case Command::kCheck:
      return check_page();
  }
  return {};
}

}  // namespace tapeline::app
