// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "venue/candles.h"

namespace tapeline::venue::kraken {

std::string candles_target(const CandleWish& wish);

// {"error":[],"result":{"XXBTZUSD":[[time,"open","high","low","close","vwap","volume",count]],
// "last":...}}, the oldest first; the last row is not finished.
inline constexpr CandleFacts kCandleFacts{.request_every = std::chrono::seconds(1),
                                          .rows_max = 720,
                                          .depth = std::chrono::hours(12),
                                          .target = candles_target,
                                          .format = {.path = {"result", CandleFormat::kAnyKey},
                                                     .columns = {0, 1, 2, 3, 4, 6, 7},
                                                     .time_unit = std::chrono::seconds(1)}};

}  // namespace tapeline::venue::kraken
