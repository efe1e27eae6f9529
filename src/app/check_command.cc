// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands.h"
#include "app/config/load.h"

namespace tapeline::app {

int run_check(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  const std::size_t changed = checked.origins.size();
  if (!line.quiet && line.config_file.empty()) {
    env.err << "no configuration file: --config FILE was not given, so the defaults are in force"
            << (changed == 0 ? "\n" : ", but for what was set beside it\n");
  } else if (!line.quiet) {
    env.err << fmt::format("{}: ok ({} {} set)\n", line.config_file, changed,
                           changed == 1 ? "key" : "keys");
  }
  if (settings.show) env.out << config::show(checked, line.config_file);
  return kExitDone;
}

}  // namespace tapeline::app
