// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /products, /products/ID, /products/ID/candles?granularity=60&start&end and
// /products/ID/trades?limit&before&after of Coinbase Exchange. A page
// of trades begins with the newest: `after` asks for the newest older than its id, `before` for
// the newest of all that are newer than its id - the venue's pages never begin next to `before`.
Answer answer_coinbase(const Request& request, const Truth& truth);

}  // namespace tapeline::sim
