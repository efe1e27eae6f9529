// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::binance {
namespace {

// The frequent ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 29> kKinds{{
    {"trade", Kind::kTrade},
    {"aggTrade", Kind::kAggTrade},
    {"depthUpdate", Kind::kUnparsed},
    {"bookTicker", Kind::kBookTicker},
    {"kline", Kind::kUnparsed},
    {"24hrTicker", Kind::kUnparsed},
    {"24hrMiniTicker", Kind::kUnparsed},
    {"1hTicker", Kind::kUnparsed},
    {"4hTicker", Kind::kUnparsed},
    {"1dTicker", Kind::kUnparsed},
    {"avgPrice", Kind::kUnparsed},
    {"blockTrade", Kind::kUnparsed},
    {"referencePrice", Kind::kUnparsed},
    {"serverShutdown", Kind::kShutdown},
    // Of the futures venues.
    {"markPriceUpdate", Kind::kUnparsed},
    {"forceOrder", Kind::kUnparsed},
    {"continuous_kline", Kind::kUnparsed},
    {"indexPriceUpdate", Kind::kUnparsed},
    {"compositeIndex", Kind::kUnparsed},
    {"contractInfo", Kind::kUnparsed},
    {"assetIndexUpdate", Kind::kUnparsed},
    {"tradingSession", Kind::kUnparsed},
    // Of an account.
    {"executionReport", Kind::kUnparsed},
    {"outboundAccountPosition", Kind::kUnparsed},
    {"balanceUpdate", Kind::kUnparsed},
    {"externalLockUpdate", Kind::kUnparsed},
    {"listStatus", Kind::kUnparsed},
    {"listenKeyExpired", Kind::kUnparsed},
    {"eventStreamTerminated", Kind::kUnparsed},
}};

}  // namespace

Kind kind_of(std::string_view event) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [event](const auto& entry) { return entry.first == event; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Channel channel_of(Kind kind) {
  switch (kind) {
    case Kind::kTrade:
      return Channel::kTrades;
    case Kind::kAggTrade:
      return Channel::kAggTrades;
    case Kind::kBookTicker:
      return Channel::kQuotes;
    case Kind::kShutdown:
    case Kind::kAck:
    case Kind::kError:
    case Kind::kUnparsed:
    case Kind::kUnknown:
    case Kind::kNone:
      break;
  }
  return Channel::kOther;
}

}  // namespace tapeline::venue::binance
