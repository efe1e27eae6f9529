// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace tapeline::decode {

// Reads text lines `key: value` and gives each to `set`, which returns false for what it does not
// know. That is an Error, so that an older program never misreads what a newer one wrote; `what`
// names the record in it.
[[nodiscard]] Result<void> read_text_lines(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set);

}  // namespace tapeline::decode
