// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tapeline::app::config {

// The text of a configuration that changes nothing: every key of the schema with its help, what is
// allowed and its default. A key that is empty by default is commented out.
std::string commented_file();

// What `tapeline init` writes and what every command reads that finds it in the current folder,
// unless --config names another.
inline constexpr const char* kFileName = "tapeline.yaml";

}  // namespace tapeline::app::config
