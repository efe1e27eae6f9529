// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::app::values {

using Words = std::span<const std::string_view>;

// How many insertions, removals, replacements and swaps of neighbours turn one word into the other;
// upper and lower case are the same.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The word that was probably meant: the closest one, if it is close. The result views into `words`.
std::optional<std::string_view> nearest(std::string_view word, Words words);

// ` (did you mean "symbols"?)`, or nothing when no word is close.
std::string did_you_mean(std::string_view word, Words words);

// Views into the strings, which must outlive them.
std::vector<std::string_view> views(const std::vector<std::string>& words);

}  // namespace tapeline::app::values
