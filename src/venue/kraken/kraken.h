// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::kraken {

// Kraken Spot, version 2 of the WebSocket interface.
const Venue& venue();

}  // namespace tapeline::venue::kraken
