// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::app::values {

using Words = std::span<const std::string_view>;

// The word that was probably meant: the closest one, if it is close. The result views into `words`.
std::optional<std::string_view> nearest(std::string_view word, Words words);

// ` (did you mean "symbols"?)`, or nothing when no word is close.
std::string did_you_mean(std::string_view word, Words words);

// Views into the strings, which must outlive them.
std::vector<std::string_view> views(const std::vector<std::string>& words);

}  // namespace tapeline::app::values
