// SPDX-License-Identifier: Apache-2.0
#include "app/cli.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "app/command_line.h"
#include "app/command_table.h"
#include "app/commands.h"
#include "app/config/commented.h"
#include "app/config/load.h"
#include "app/help.h"
#include "app/values/values.h"
#include "app/version.h"
#include "feed/feeds.h"

namespace tapeline::app {
namespace {

// The configuration's lateness is for live feeds: for recorded input it is what the input says,
// unless given. Its intervals are, where somebody chose them.
Settings defaults(const config::Checked& checked) {
  const config::Config& config = checked.config;
  Settings settings;
  replay::Options& options = settings.replay;
  options.engine_version = version_number();
  if (checked.origins.contains("stream.intervals")) options.intervals = config.stream.intervals;
  options.disorder = config.stream.disorder;
  options.idle_timeout = config.stream.idle_timeout;
  options.conditions = config.stream.conditions;
  options.shards = values::shards_or_cores(config.stream.shards);
  if (config.feeds.size() == 1) options.venue = config.feeds.front().venue;
  return settings;
}

// Of whatever has a --from and a --to.
bool is_empty_span(const auto& times) { return times.from && times.to && *times.from >= *times.to; }

std::vector<std::string> take_options(const CommandLine& line, Settings& settings,
                                      const std::vector<std::string>& venues) {
  std::vector<std::string> mistakes;
  for (const GivenOption& given : line.options) {
    if (given.row->clear != nullptr) given.row->clear(settings);
    for (const std::string& text : given.texts) {
      const std::string mistake = given.row->take(text, {.settings = settings, .venues = venues});
      if (!mistake.empty()) mistakes.push_back(fmt::format("{}: {}", given.row->name, mistake));
    }
  }
  if (is_empty_span(settings.replay) || is_empty_span(settings.cat)) {
    mistakes.emplace_back("--from: must be before --to");
  }
  return mistakes;
}

// What `tapeline init` wrote is in force where it lies; whoever calls there is told.
void take_config_of_folder(CommandLine& line, const Environment& env) {
  const bool runs = line.command != nullptr && !line.help && !line.version;
  if (!runs || !line.command->reads_config || !line.config_file.empty()) return;
  std::error_code failed;
  if (!std::filesystem::exists(config::kFileName, failed)) return;
  line.config_file = config::kFileName;
  if (!line.quiet) env.err << config::kFileName << ": read, since it is in this folder\n";
}

int run_command(const CommandLine& line, const Environment& env) {
  if (line.version) {
    env.out << version_text();
    return kExitDone;
  }
  if (line.help) {
    env.out << help_text(line.command, line.group);
    return kExitDone;
  }
  if (line.command == nullptr) {
    env.err << help_text(nullptr, line.group)
            << fmt::format("\ntapeline: {}a command is missing{}\n",
                           line.group.empty() ? "" : line.group + ": ",
                           line.group.empty() ? "; `tapeline demo` shows what it does" : "");
    return kExitWrongUse;
  }
  const config::Checked checked =
      !line.command->reads_config ? config::Checked() : read_config(line, env);
  if (!checked.mistakes.empty()) {
    for (const std::string& mistake : checked.mistakes) env.err << mistake << '\n';
    return kExitWrongUse;
  }
  Settings settings = defaults(checked);
  const std::vector<std::string> mistakes = take_options(line, settings, env.venues);
  if (!mistakes.empty()) return say_mistakes(mistakes, env);
  const bool has_colour = env.err_is_terminal && env.variable("NO_COLOR").empty();
  const auto log =
      make_log(env.err, env.clock,
               {.level = line.log_level, .format = line.log_format, .has_colour = has_colour});
  return line.command->run(
      {.line = line, .checked = checked, .settings = settings, .env = env, .log = *log});
}

}  // namespace

config::Checked read_config(const CommandLine& line, const Environment& env) {
  return config::load({.file = line.config_file, .sets = line.sets, .data_dir = line.data_dir},
                      {.venues = env.venues,
                       .token_venues = feed::token_venues(),
                       .one_line_venues = feed::one_line_venues(),
                       .variable = env.variable});
}

int run_cli(const std::vector<std::string>& args, const Environment& env) {
  auto line = parse_command_line(args);
  if (!line) return say_mistakes({line.error()}, env);
  take_config_of_folder(*line, env);
  const int status = run_command(*line, env);
  env.out.flush();
  if (!env.out && status == kExitDone) {
    env.err << "tapeline: standard output: could not be written\n";
    return kExitFailed;
  }
  return status;
}

}  // namespace tapeline::app
