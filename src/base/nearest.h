// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace tapeline {

// How many insertions, removals, replacements and swaps of neighbours turn one word into the other;
// upper and lower case are the same.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The words that were probably meant, so many at most: those that are close, the closest first.
// They view into `words`.
std::vector<std::string_view> nearest(std::string_view word,
                                      std::span<const std::string_view> words, std::size_t count);

}  // namespace tapeline
