// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "venue/message.h"

namespace tapeline::venue::okx {

// Reads the trades of a frame, or the channel of a push that is not parsed, exactly as the venue
// writes it - or declines: then nothing is added, and nothing is said about the frame.
bool scan_frame(std::string_view frame, Items& items);

}  // namespace tapeline::venue::okx
