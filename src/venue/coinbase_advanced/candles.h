// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::coinbase_advanced {

std::string candles_target(const CandleWish& wish);

// {"candles":[{"start":"...","low":"...","high":"...","open":"...","close":"...","volume":"..."}]},
// the newest first.
inline constexpr CandleFacts kCandleFacts{
    .request_every = std::chrono::milliseconds(200),
    .rows_max = 350,
    .depth = {},
    .target = candles_target,
    .format = {.path = {"candles"},
               .names = {"start", "open", "high", "low", "close", "volume", "trades"},
               .time_unit = std::chrono::seconds(1)}};

}  // namespace tapeline::venue::coinbase_advanced
