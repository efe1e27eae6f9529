// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "app/values/text.h"

namespace tapeline::app {
namespace {

using replay::InputFormat;

}  // namespace

std::vector<std::string> check_inputs(const CommandLine& line, bool is_folder_fine) {
  std::vector<std::string> mistakes;
  const std::string_view command = line.command->name;
  if (line.inputs.empty()) {
    mistakes.push_back(fmt::format("{}: no INPUT given (- is standard input)", command));
  }
  bool has_stdin = false;
  for (const std::string& input : line.inputs) {
    if (input == "-" && has_stdin) {
      mistakes.push_back(fmt::format("{}: - (standard input) given twice", command));
    }
    has_stdin = has_stdin || input == "-";
    if (input == "-") continue;
    if (std::string why = values::unreadable(input, is_folder_fine); !why.empty()) {
      mistakes.push_back(std::move(why));
    }
  }
  return mistakes;
}

std::vector<std::string> check_reading(const replay::Options& options,
                                       const std::vector<std::string>& venues) {
  std::vector<std::string> mistakes;
  if (!options.instruments_file.empty()) {
    const std::string why = values::unreadable(options.instruments_file, false);
    if (!why.empty()) mistakes.push_back("--instruments: " + why);
    if (options.venue.empty()) {
      mistakes.push_back(fmt::format("--instruments: whose list is it? say --venue (known: {})",
                                     fmt::join(venues, ", ")));
    }
  }
  const bool needs_venue =
      options.input_format == InputFormat::kRaw || options.input_format == InputFormat::kCryptofeed;
  if (needs_venue && options.venue.empty()) {
    mistakes.push_back(fmt::format("--venue: needed for --input-format {} (known: {})",
                                   options.input_format == InputFormat::kRaw ? "raw" : "cryptofeed",
                                   fmt::join(venues, ", ")));
  }
  return mistakes;
}

int say_mistakes(const std::vector<std::string>& mistakes, const Environment& env) {
  for (const std::string& mistake : mistakes) env.err << "tapeline: " << mistake << '\n';
  return kExitWrongUse;
}

int say_failure(const Error& error, const Environment& env) {
  env.err << "tapeline: " << error.text << '\n';
  return error.fault == Fault::kCaller ? kExitWrongUse : kExitFailed;
}

}  // namespace tapeline::app
