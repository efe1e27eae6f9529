// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/environment.h"

namespace tapeline::app {

// The whole program: reads the command line (without the program's name), does what it says, and
// returns the exit status.
int run_cli(const std::vector<std::string>& args, const Environment& env);

}  // namespace tapeline::app
