// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings.h"

namespace tapeline::app {

enum class Times : std::uint8_t { kOnce, kRepeatable };

struct OptionContext {
  Settings& settings;
  const std::vector<std::string>& venues;
};

// An option of a command: parsing, help, suggestions and completion come from here.
struct OptionRow {
  std::string_view name;         // "--instrument"
  std::string_view short_name;   // "-i", or nothing
  std::string_view placeholder;  // "PATTERN"; a flag has none, and no value
  std::string_view help;
  std::string_view words = {};  // what may be given, where it is one of a few: "csv jsonl"
  Times times = Times::kOnce;
  // Says that a list is given: its default goes.
  void (*clear)(Settings& settings) = nullptr;
  // Takes a value, of a flag nothing; returns what is wrong with it, or nothing.
  std::string (*take)(std::string_view text, OptionContext context) = nullptr;

  [[nodiscard]] bool is_flag() const { return placeholder.empty(); }
};

std::span<const OptionRow> replay_options();
std::span<const OptionRow> check_options();
std::span<const OptionRow> init_options();
std::span<const OptionRow> demo_options();
std::span<const OptionRow> sim_options();
std::span<const OptionRow> import_options();
std::span<const OptionRow> run_options();
// Which rows of a store: of `verify` and `audit`.
std::span<const OptionRow> rows_options();
std::span<const OptionRow> audit_options();
std::span<const OptionRow> explain_options();
std::span<const OptionRow> sql_options();
std::span<const OptionRow> instruments_options();
std::span<const OptionRow> watch_options();
std::span<const OptionRow> ls_options();
std::span<const OptionRow> cat_options();

}  // namespace tapeline::app
