// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "replay/options.h"

namespace tapeline::app {

enum class Times : std::uint8_t { kOnce, kRepeatable };

struct OptionContext {
  replay::Options& options;
  const std::vector<std::string>& venues;
};

// An option of `replay` that has a value: parsing, help and suggestions come from here.
struct OptionRow {
  std::string_view name;         // "--instrument"
  std::string_view short_name;   // "-i", or nothing
  std::string_view placeholder;  // "PATTERN"
  std::string_view help;
  Times times = Times::kOnce;
  // Says that a list is given: its default goes.
  void (*clear)(replay::Options& options) = nullptr;
  // Takes a value; returns what is wrong with it, or nothing.
  std::string (*take)(std::string_view text, OptionContext context) = nullptr;
};

std::span<const OptionRow> replay_option_table();

}  // namespace tapeline::app
