// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::app::values {

// The text as a message may show it: at most 80 bytes of it, without control characters.
std::string printable(std::string_view text);
// The same in double quotes.
std::string quoted(std::string_view text);

// 1,234,567
std::string grouped(std::uint64_t number);

// "a,b" as its parts; "a,,b" has an empty one.
std::vector<std::string_view> split_commas(std::string_view text);

}  // namespace tapeline::app::values
