// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /v5/market/instruments-info?category=spot and /v5/market/recent-trade?category=spot&symbol
// &limit of Bybit. Rows come newest first; a limit is 1 to 60. Refusals have status 200.
Answer answer_bybit(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
