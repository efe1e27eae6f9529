// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tapeline {

// How often this process asked for memory with operator new, by any thread, so far.
std::uint64_t allocations();

}  // namespace tapeline
