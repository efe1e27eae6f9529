// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /api/v3/exchangeInfo, /api/v3/klines?symbol&interval=1m, /api/v3/trades?symbol&limit,
// /api/v3/historicalTrades and /api/v3/aggTrades?symbol&limit&fromId of Binance Spot; of aggregates
// also startTime, in milliseconds. Rows come oldest first, from `fromId` or the time on or else the
// newest ones; a limit is 1 to 1000.
Answer answer_binance(const Request& request, const Truth& truth, EventTime now);

}  // namespace tapeline::sim
