// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace tapeline::app {

// An option of every command: help, suggestions and completion come from here, the values stand in
// CommandLine.
struct GlobalOption {
  std::string_view name;         // "--quiet"
  std::string_view short_name;   // "-h", or nothing
  std::string_view placeholder;  // "LEVEL"; a flag has none, and no value
  std::string_view help;
  std::string_view words = {};  // what may be given, where it is one of a few
  bool needs_no_command = false;

  [[nodiscard]] bool is_flag() const { return placeholder.empty(); }
  [[nodiscard]] bool is_path() const { return placeholder == "FILE" || placeholder == "DIR"; }
};

std::span<const GlobalOption> global_options();

}  // namespace tapeline::app
