// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/kind.h"

#include <algorithm>
#include <array>

#include "venue/session.h"

namespace tapeline::venue::bybit {
namespace {

constexpr std::array<std::string_view, 11> kUnparsedTopics{
    "orderbook",  "tickers", "kline",     "liquidation", "allLiquidation", "kline_lt",
    "tickers_lt", "lt",      "insurance", "priceLimit",  "adlAlert"};

}  // namespace

Kind kind_of(std::string_view topic) {
  const std::string_view word = topic.substr(0, topic.find('.'));
  if (word == "publicTrade") return Kind::kTrade;
  const auto* const at = std::find(kUnparsedTopics.begin(), kUnparsedTopics.end(), word);
  return at == kUnparsedTopics.end() ? Kind::kUnknown : Kind::kUnparsed;
}

bool is_harmless(std::string_view message) { return has_any_word(message, {"already subscribed"}); }

}  // namespace tapeline::venue::bybit
