// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/option_table.h"

namespace tapeline::app {

enum class Command : std::uint8_t { kNone, kReplay, kCheck };

struct GivenOption {
  const OptionRow* row = nullptr;
  std::vector<std::string> texts;  // as often as it was given
};

// The words of the command line in their places; values are not looked at yet.
struct CommandLine {
  Command command = Command::kNone;
  bool help = false;
  bool version = false;
  bool quiet = false;
  bool show = false;                 // check
  std::string config_file;           // empty: none
  std::vector<std::string> sets;     // KEY=VALUE
  std::vector<std::string> inputs;   // replay
  std::vector<GivenOption> options;  // replay
};

// `args` without the program's name. The error is a sentence: an unknown command or option with the
// nearest known one, or a value that is missing.
tl::expected<CommandLine, std::string> parse_command_line(const std::vector<std::string>& args);

}  // namespace tapeline::app
