// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tapeline::app {

// "0.1.0"
std::string version_number();

// "abc1234"
std::string commit_text();

// `tapeline 0.1.0 (commit abc1234)`, then compiler, build type, architecture, the format of
// the journal and optional parts.
std::string version_text();

}  // namespace tapeline::app
