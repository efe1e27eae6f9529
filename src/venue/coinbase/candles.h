// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::coinbase {

std::string candles_target(const CandleWish& wish);

// [[time, low, high, open, close, volume]], the newest first; a minute without a trade is left out.
inline constexpr CandleFacts kCandleFacts{
    .request_every = std::chrono::milliseconds(200),
    .rows_max = 300,
    .depth = {},
    .target = candles_target,
    .format = {.columns = {0, 3, 2, 1, 4, 5, CandleFormat::kNoColumn},
               .time_unit = std::chrono::seconds(1)}};

}  // namespace tapeline::venue::coinbase
