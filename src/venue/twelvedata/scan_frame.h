// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/message.h"

namespace tapeline::venue::twelvedata {

// The latest second that nanoseconds since 1970 hold.
inline constexpr std::uint64_t kSecondsMax = 9'223'372'036;

// Reads a price exactly as the venue writes it - or declines: then nothing is added, and nothing is
// said about the frame.
bool scan_frame(std::string_view frame, Items& items);

}  // namespace tapeline::venue::twelvedata
