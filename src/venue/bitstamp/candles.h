// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::bitstamp {

std::string candles_target(const CandleWish& wish);

// {"data":{"pair":"BTC/USD","ohlc":[{"timestamp":"...","open":"...","high":"...","low":"...",
// "close":"...","volume":"..."}]}}, the oldest first.
inline constexpr CandleFacts kCandleFacts{
    .request_every = std::chrono::seconds(1),
    .rows_max = 1000,
    .depth = {},
    .target = candles_target,
    .format = {.path = {"data", "ohlc"},
               .names = {"timestamp", "open", "high", "low", "close", "volume", "trades"},
               .time_unit = std::chrono::seconds(1)}};

}  // namespace tapeline::venue::bitstamp
