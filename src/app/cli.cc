// SPDX-License-Identifier: Apache-2.0
#include "app/cli.h"

#include "app/command_line.h"
#include "app/commands.h"
#include "app/config/load.h"
#include "app/help.h"
#include "app/version.h"

namespace tapeline::app {
namespace {

int run_command(const CommandLine& line, const Environment& env) {
  if (line.version) {
    env.out << version_text();
    return kExitDone;
  }
  if (line.help) {
    env.out << help_text(line.command);
    return kExitDone;
  }
  if (line.command == Command::kNone) {
    env.err << "tapeline: a command is missing (known: replay, check; see tapeline --help)\n";
    return kExitWrongUse;
  }
  const config::Checked checked = config::load(line.config_file, line.sets, env.venues);
  if (!checked.mistakes.empty()) {
    for (const std::string& mistake : checked.mistakes) env.err << mistake << '\n';
    return kExitWrongUse;
  }
  return line.command == Command::kReplay ? run_replay(line, checked, env)
                                          : run_check(line, checked, env);
}

}  // namespace

int run_cli(const std::vector<std::string>& args, const Environment& env) {
  const auto line = parse_command_line(args);
  if (!line) {
    env.err << "tapeline: " << line.error() << '\n';
    return kExitWrongUse;
  }
  const int status = run_command(*line, env);
  env.out.flush();
  if (!env.out && status == kExitDone) {
    env.err << "tapeline: standard output: could not be written\n";
    return kExitFailed;
  }
  return status;
}

}  // namespace tapeline::app
