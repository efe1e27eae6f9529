// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tapeline::venue {

// What to do about a symbol that an instrument list does not have: "did you mean BTC-USDT or
// BTC-USD?", three of the listed names at most, or to check its spelling.
[[nodiscard]] std::string advice_on_unlisted(std::string_view symbol,
                                             std::span<const std::string_view> listed);

}  // namespace tapeline::venue
