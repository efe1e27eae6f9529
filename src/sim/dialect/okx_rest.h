// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /api/v5/public/instruments?instType=SPOT and
// /api/v5/market/history-trades?instId&type=1&after &limit of OKX. Rows come newest first, those
// older than `after`; a limit is 1 to 100.
Answer answer_okx(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
