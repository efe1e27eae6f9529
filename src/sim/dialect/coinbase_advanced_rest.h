// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /products and /products/ID/ticker?limit&start&end of Coinbase Advanced Trade: the trades of
// whole seconds, start and end included, the newest first.
Answer answer_coinbase_advanced(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
