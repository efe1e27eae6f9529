// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "sim/dialect/request.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// GET /trading-pairs-info/ and /transactions/PAIR/?time=minute|hour|day of Bitstamp: all trades of
// the last minute, hour or day, to the second, the newest first.
Answer answer_bitstamp(const Request& request, const Truth& truth, EventTime now);

}  // namespace tapeline::sim
