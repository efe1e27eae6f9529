// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/command_line.h"
#include "app/config/check.h"
#include "app/environment.h"
#include "app/option_table.h"
#include "app/settings.h"
#include "base/log.h"

namespace tapeline::app {

// One call of a command: everything that its words, the configuration and the world say.
struct Invocation {
  const CommandLine& line;
  const config::Checked& checked;
  const Settings& settings;
  const Environment& env;
  Log& log;  // stderr, as --log-level and --log-format say
};

// A command: parsing, help, suggestions and completion come from here.
struct CommandRow {
  std::string_view name;         // "replay", or "journal import"
  std::string_view arguments{};  // "INPUT..."; a command without takes none
  std::string_view summary;      // half a sentence
  std::string_view about;        // the first paragraph of its page, with line ends
  std::string_view notes{};      // behind the options, with line ends
  std::string_view examples;     // lines
  std::span<const OptionRow> (*option_rows)() = nullptr;  // null: none
  int (*run)(const Invocation& invocation) = nullptr;     // gives the exit status
  bool reads_config = true;

  [[nodiscard]] std::span<const OptionRow> options() const {
    return option_rows == nullptr ? std::span<const OptionRow>() : option_rows();
  }
  // "journal" of "journal import"; of "replay" nothing.
  [[nodiscard]] std::string_view group() const;
  // The last word.
  [[nodiscard]] std::string_view verb() const;
};

std::span<const CommandRow> command_table();

// The verbs of a group; of no group, the commands of one word and the groups, in the order of the
// table.
std::vector<std::string_view> words_in(std::string_view group);

}  // namespace tapeline::app
