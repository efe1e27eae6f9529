// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tapeline::decode {

inline constexpr std::size_t kSymbolBytesMax = 64;

// Copies the field of a CSV row that starts at `from` to `to`, without its quotes, and moves `to`
// behind it. Gives the comma or `end` behind the field, or null where the quotes are wrong: not
// closed, closed before the field ends, or inside a field that does not begin with one. What is
// written is never longer than what is read.
[[nodiscard]] const char* copy_csv_field(const char* from, const char* end, char*& to);

// Whether a text can be a symbol: 1 to 64 bytes of UTF-8 without control characters, blank, ',',
// '"' and ':', which separate symbols from what stands around them.
[[nodiscard]] bool is_symbol_text(std::string_view text);

// Digits with an optional minus.
[[nodiscard]] bool is_integer_text(std::string_view text);

}  // namespace tapeline::decode
