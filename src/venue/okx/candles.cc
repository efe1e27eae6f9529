// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::okx {

// `before` asks for what is newer than a time, `after` for what is older.
std::string candles_target(const CandleWish& wish) {
  return fmt::format("/api/v5/market/history-candles?instId={}&bar=1m&before={}&after={}&limit={}",
                     wish.symbol, unix_ms(wish.from) - 1, unix_ms(wish.to), kCandleFacts.rows_max);
}

}  // namespace tapeline::venue::okx
