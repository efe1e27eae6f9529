// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/candles.h"

#include <fmt/format.h>

namespace tapeline::venue::coinbase {

// Both ends are included.
std::string candles_target(const CandleWish& wish) {
  const auto time = [](EventTime at) {
    constexpr std::size_t kToTheSecond = 19;
    return format_rfc3339(at.unix_ns()).substr(0, kToTheSecond) + "Z";
  };
  return fmt::format("/products/{}/candles?granularity=60&start={}&end={}", wish.symbol,
                     time(wish.from), time(wish.to - kCandleInterval));
}

}  // namespace tapeline::venue::coinbase
