// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::coinbase_advanced {
namespace {

// The frequent ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 10> kKinds{{
    {"market_trades", Kind::kTrades},
    {"l2_data", Kind::kUnparsed},
    {"ticker", Kind::kTicker},
    {"ticker_batch", Kind::kTicker},
    {"heartbeats", Kind::kHeartbeat},
    {"subscriptions", Kind::kSubscriptions},
    {"candles", Kind::kUnparsed},
    {"status", Kind::kUnparsed},
    {"user", Kind::kUnparsed},
    {"futures_balance_summary", Kind::kUnparsed},
}};

}  // namespace

Kind kind_of_channel(std::string_view channel) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [channel](const auto& entry) { return entry.first == channel; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Kind kind_of_type(std::string_view type) { return type == "error" ? Kind::kError : Kind::kUnknown; }

Channel channel_of(Kind kind) {
  switch (kind) {
    case Kind::kTrades:
      return Channel::kTrades;
    case Kind::kTicker:
      return Channel::kQuotes;
    case Kind::kHeartbeat:
      return Channel::kHeartbeat;
    case Kind::kSubscriptions:
    case Kind::kError:
    case Kind::kUnparsed:
    case Kind::kUnknown:
      break;
  }
  return Channel::kOther;
}

Control control_of(Kind kind) {
  const ControlReason reason = kind == Kind::kHeartbeat       ? ControlReason::kHeartbeat
                               : kind == Kind::kSubscriptions ? ControlReason::kAck
                               : kind == Kind::kUnknown       ? ControlReason::kUnknownKind
                                                              : ControlReason::kUnparsed;
  return Control{.reason = reason, .channel = channel_of(kind)};
}

}  // namespace tapeline::venue::coinbase_advanced
