// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::binance {

std::string candles_target(const CandleWish& wish);

// [[time, "open", "high", "low", "close", "volume", close time, "quote volume", trades, ...]], the
// oldest first. It weighs 2 of the 6000 that an address has in a minute.
inline constexpr CandleFacts kCandleFacts{
    .request_every = std::chrono::milliseconds(500),
    .rows_max = 1000,
    .depth = {},
    .target = candles_target,
    .format = {.columns = {0, 1, 2, 3, 4, 5, 8}, .time_unit = std::chrono::milliseconds(1)}};

}  // namespace tapeline::venue::binance
