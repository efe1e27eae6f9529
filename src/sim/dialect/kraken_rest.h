// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /0/public/AssetPairs and /0/public/Trades?pair&since&count of Kraken. Rows come oldest first
// from behind `since`, a time in nanoseconds that no two trades share, or else the newest ones; a
// count is 1 to 1000. Refusals have status 200.
Answer answer_kraken(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
