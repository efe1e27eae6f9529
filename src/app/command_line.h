// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/log.h"
#include "app/option_table.h"

namespace tapeline::app {

struct CommandRow;

struct GivenOption {
  const OptionRow* row = nullptr;
  std::vector<std::string> texts;  // as often as it was given; of a flag nothing
};

// The words of the command line in their places; values are not looked at yet.
struct CommandLine {
  const CommandRow* command = nullptr;  // null: none
  std::string group;                    // of which no verb was given: "journal"
  bool help = false;
  bool version = false;
  bool quiet = false;
  std::string config_file;  // empty: none
  std::string data_dir;     // empty: none
  LogLevel log_level = LogOptions{}.level;
  LogFormat log_format = LogOptions{}.format;
  std::vector<std::string> sets;  // KEY=VALUE
  std::vector<std::string> inputs;
  std::vector<GivenOption> options;
};

// `args` without the program's name. The error is a sentence: an unknown command or option with the
// nearest known one, or a value that is missing.
tl::expected<CommandLine, std::string> parse_command_line(const std::vector<std::string>& args);

}  // namespace tapeline::app
