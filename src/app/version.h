// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tapeline::app {

// `tapeline 0.1.0 (commit abc1234)`, then compiler, build type, architecture and optional parts.
std::string version_text();

}  // namespace tapeline::app
