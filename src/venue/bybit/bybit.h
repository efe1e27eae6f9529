// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::bybit {

// Bybit, version 5 of the public WebSocket interface, spot market.
const Venue& venue();

}  // namespace tapeline::venue::bybit
