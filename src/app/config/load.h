// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config/check.h"

namespace tapeline::app::config {

// The configuration that is in force, or everything that is wrong with it, one sentence each. An
// empty `file` means none was given. `sets` are the KEY=VALUE of --set; the last of a key wins.
Checked load(const std::string& file, const std::vector<std::string>& sets,
             const std::vector<std::string>& venues);

// Every value in force, a line each: `stream.disorder: 5s  # tapeline.yaml:12`.
std::string show(const Checked& checked, const std::string& file);

}  // namespace tapeline::app::config
