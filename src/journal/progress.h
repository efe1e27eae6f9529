// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace tapeline::journal {

// Told how many bytes are done, and of how many; returns false to stop early.
using OnBytes = std::function<bool(std::uint64_t done, std::uint64_t total)>;

}  // namespace tapeline::journal
