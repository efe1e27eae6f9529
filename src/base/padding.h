// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace tapeline {

// How many bytes behind a record's or a line's own are readable: parsers look ahead in blocks.
inline constexpr std::size_t kReadPadding = 64;

}  // namespace tapeline
