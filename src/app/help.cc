// SPDX-License-Identifier: Apache-2.0
#include "app/help.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "app/config/schema.h"
#include "app/global_options.h"

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

// "-i, --instrument PATTERN"
template <typename Option>
std::string left_of(const Option& option) {
  std::string left = option.short_name.empty() ? "" : std::string(option.short_name) + ", ";
  left += std::string(option.name);
  if (!option.is_flag()) left += ' ' + std::string(option.placeholder);
  return left;
}

void add_global_options(std::string& out, bool has_command = true) {
  out += "\nFor every command:\n";
  for (const GlobalOption& option : global_options()) {
    if (!option.needs_no_command || !has_command) add_row(out, left_of(option), option.help);
  }
}

void add_commands(std::string& out, std::string_view group) {
  out += "\nCommands:\n";
  for (const CommandRow& row : command_table()) {
    if (!group.empty() && row.group() != group) continue;
    std::string left(row.name);
    if (!row.arguments.empty()) left += " " + std::string(row.arguments);
    add_row(out, left, row.summary);
  }
}

std::string program_page() {
  std::string out =
      "Tapeline: a market-data pipeline that knows what it missed.\n"
      "\n"
      "Usage: tapeline [--config FILE] [--set KEY=VALUE]... [--data-dir DIR] COMMAND\n";
  add_commands(out, {});
  add_global_options(out, false);
  out +=
      "\n"
      "Exit status: 0 done, 1 failed while running, 2 wrong use or configuration,\n"
      "3 a check found something, 130 interrupted. run, record, sim and demo without --duration\n"
      "are ended by a signal: that is 0, where all that was received is stored.\n"
      "\n"
      "Examples:\n"
      "  tapeline demo\n"
      "  tapeline run\n"
      "  tapeline replay COINBASE.ws.zst --venue coinbase --emit bars --interval 1m\n";
  return out;
}

std::string group_page(std::string_view group) {
  std::string out = "Usage: tapeline " + std::string(group) + " COMMAND\n";
  add_commands(out, group);
  add_global_options(out);
  out += "\nExamples:\n";
  for (const CommandRow& row : command_table()) {
    if (row.group() == group) out += row.examples;
  }
  return out;
}

void add_keys(std::string& out) {
  out += "\nKeys:\n";
  for (const config::Key& key : config::schema()) {
    add_row(out, key.path, std::string(key.help) + " (" + std::string(key.allowed) + ")");
  }
}

std::string command_page(const CommandRow& row) {
  const auto options = row.options();
  std::string out = "Usage: tapeline " + std::string(row.name);
  if (!row.arguments.empty()) out += " " + std::string(row.arguments);
  if (!options.empty()) out += " [OPTION]...";
  out += "\n\n" + std::string(row.about);
  if (!options.empty()) out += "\nOptions:\n";
  for (const OptionRow& option : options) {
    add_row(out, left_of(option), option.help);
  }
  add_global_options(out);
  if (row.name == "check") add_keys(out);
  if (!row.notes.empty()) out += "\n" + std::string(row.notes);
  const bool is_one = std::count(row.examples.begin(), row.examples.end(), '\n') == 1;
  return out + (is_one ? "\nExample:\n" : "\nExamples:\n") + std::string(row.examples);
}

}  // namespace

std::string help_text(const CommandRow* command, std::string_view group) {
  if (command != nullptr) return command_page(*command);
  return group.empty() ? program_page() : group_page(group);
}

}  // namespace tapeline::app
