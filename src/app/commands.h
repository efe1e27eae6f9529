// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/command_line.h"
#include "app/config/load.h"
#include "app/environment.h"

namespace tapeline::app {

// Each returns the exit status of the process.
int run_check(const CommandLine& line, const config::Checked& checked, const Environment& env);
int run_replay(const CommandLine& line, const config::Checked& checked, const Environment& env);

}  // namespace tapeline::app
