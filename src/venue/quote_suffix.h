// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tapeline::venue {

// For venues that write no dash: BTCUSDT -> BTC-USDT, by the longest quote asset that is known and
// leaves a base; else as it is. A guess: where the venue's instrument list is at hand, it decides.
std::string dashed_before_quote(std::string_view symbol);

}  // namespace tapeline::venue
