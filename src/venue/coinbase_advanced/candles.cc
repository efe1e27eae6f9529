// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::coinbase_advanced {

std::string candles_target(const CandleWish& wish) {
  return fmt::format("/products/{}/candles?start={}&end={}&granularity=ONE_MINUTE", wish.symbol,
                     unix_s(wish.from), unix_s(wish.to - kCandleInterval));
}

}  // namespace tapeline::venue::coinbase_advanced
