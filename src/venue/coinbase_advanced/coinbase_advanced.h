// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "venue/venue.h"

namespace tapeline::venue::coinbase_advanced {

// Coinbase Advanced Trade (the market data of advanced-trade-ws.coinbase.com): another API of the
// exchange than `coinbase`, and so another venue.
const Venue& venue();

}  // namespace tapeline::venue::coinbase_advanced
