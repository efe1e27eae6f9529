// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::bybit {

std::string candles_target(const CandleWish& wish) {
  return fmt::format("/v5/market/kline?category=spot&symbol={}&interval=1&start={}&end={}&limit={}",
                     wish.symbol, unix_ms(wish.from), unix_ms(wish.to) - 1, kCandleFacts.rows_max);
}

}  // namespace tapeline::venue::bybit
