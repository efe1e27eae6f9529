// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::coinbase {

// Coinbase Exchange (the WebSocket feed of ws-feed.exchange.coinbase.com).
const Venue& venue();

}  // namespace tapeline::venue::coinbase
