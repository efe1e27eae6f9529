// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::bybit {

std::string candles_target(const CandleWish& wish);

// {"retCode":0,"result":{"list":[["time","open","high","low","close","volume","turnover"]]}}, the
// newest first.
inline constexpr CandleFacts kCandleFacts{
    .request_every = std::chrono::milliseconds(200),
    .rows_max = 1000,
    .depth = {},
    .target = candles_target,
    .format = {.path = {"result", "list"},
               .columns = {0, 1, 2, 3, 4, 5, CandleFormat::kNoColumn},
               .time_unit = std::chrono::milliseconds(1)}};

}  // namespace tapeline::venue::bybit
