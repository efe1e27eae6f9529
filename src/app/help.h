// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/command_table.h"

namespace tapeline::app {

// The page of a command; without one, of a group of commands; without either, of the program. No
// line is longer than 100 columns.
std::string help_text(const CommandRow* command, std::string_view group);

}  // namespace tapeline::app
