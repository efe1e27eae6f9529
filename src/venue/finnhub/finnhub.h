// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::finnhub {

// Finnhub's trades of stocks, FX and crypto (the WebSocket of ws.finnhub.io).
const Venue& venue();

}  // namespace tapeline::venue::finnhub
