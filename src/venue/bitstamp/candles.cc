// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::bitstamp {

std::string candles_target(const CandleWish& wish) {
  return fmt::format("/ohlc/{}/?step=60&limit={}&start={}&end={}", wish.symbol,
                     kCandleFacts.rows_max, unix_s(wish.from), unix_s(wish.to - kCandleInterval));
}

}  // namespace tapeline::venue::bitstamp
