// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/kind.h"

#include <algorithm>
#include <array>
#include <utility>

#include "venue/session.h"

namespace tapeline::venue::kraken {
namespace {

// The frequent ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 10> kKinds{{
    {"trade", Kind::kTrade},
    {"ticker", Kind::kTicker},
    {"book", Kind::kUnparsed},
    {"heartbeat", Kind::kHeartbeat},
    {"ohlc", Kind::kUnparsed},
    {"level3", Kind::kUnparsed},
    {"status", Kind::kUnparsed},
    {"instrument", Kind::kUnparsed},
    // Of an account.
    {"executions", Kind::kUnparsed},
    {"balances", Kind::kUnparsed},
}};

}  // namespace

Kind kind_of(std::string_view channel) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [channel](const auto& entry) { return entry.first == channel; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Channel channel_of(Kind kind) {
  switch (kind) {
    case Kind::kTrade:
      return Channel::kTrades;
    case Kind::kTicker:
      return Channel::kQuotes;
    case Kind::kHeartbeat:
      return Channel::kHeartbeat;
    case Kind::kUnparsed:
    case Kind::kUnknown:
    case Kind::kNone:
      break;
  }
  return Channel::kOther;
}

bool is_harmless(std::string_view error) { return has_any_word(error, {"already subscribed"}); }

}  // namespace tapeline::venue::kraken
