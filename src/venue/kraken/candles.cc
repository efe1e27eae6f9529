// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/candles.h"

#include <fmt/format.h>

#include "venue/kraken/symbol.h"

namespace tapeline::venue::kraken {

// The newest 720, whatever is asked for; `since` leaves out the time itself.
std::string candles_target(const CandleWish& wish) {
  std::string pair = rest_name(wish.symbol);
  std::erase(pair, '/');
  return fmt::format("/0/public/OHLC?pair={}&interval=1&since={}", pair, unix_s(wish.from) - 1);
}

}  // namespace tapeline::venue::kraken
