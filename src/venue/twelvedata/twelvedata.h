// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::twelvedata {

// Twelve Data's prices of stocks, FX and crypto (the WebSocket of ws.twelvedata.com).
const Venue& venue();

}  // namespace tapeline::venue::twelvedata
