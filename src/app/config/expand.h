// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace tapeline::app::config {

// The text with what the environment says in the place of each ${NAME}; "$${" is "${" itself. The
// error is a sentence; it never holds what a variable says.
tl::expected<std::string, std::string> expand(
    std::string_view text, const std::function<std::string(const char*)>& variable);

}  // namespace tapeline::app::config
