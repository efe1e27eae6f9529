// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::binance {

std::string candles_target(const CandleWish& wish) {
  return fmt::format("/api/v3/klines?symbol={}&interval=1m&startTime={}&endTime={}&limit={}",
                     wish.symbol, unix_ms(wish.from), unix_ms(wish.to) - 1, kCandleFacts.rows_max);
}

}  // namespace tapeline::venue::binance
