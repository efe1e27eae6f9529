// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/command_line.h"

namespace tapeline::app {

// The page of a command, or of the whole program; no line is longer than 100 columns.
std::string help_text(Command command);

}  // namespace tapeline::app
