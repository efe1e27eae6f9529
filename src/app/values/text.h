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

// `412.0 MiB`; bytes below a KiB without a point.
std::string format_bytes(double bytes);
inline std::string format_bytes(std::uint64_t bytes) {
  return format_bytes(static_cast<double>(bytes));
}

// The path with the home folder in the place of "~"; as it is where there is none.
std::string expand_home(const std::string& path, const std::string& home);

// Why the file cannot be read, `PATH: No such file or directory`, or nothing. `is_folder_fine`: it
// may be a folder.
std::string unreadable(const std::string& path, bool is_folder_fine = false);

// 1,234,567
std::string grouped(std::uint64_t number);

// "a,b" as its parts; "a,,b" has an empty one.
std::vector<std::string_view> split_commas(std::string_view text);

}  // namespace tapeline::app::values
