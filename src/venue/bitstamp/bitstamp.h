// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::bitstamp {

// Bitstamp (the WebSocket v2 of ws.bitstamp.net).
const Venue& venue();

}  // namespace tapeline::venue::bitstamp
