// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::coinbase {
namespace {

// The frequent ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 19> kKinds{{
    {"match", Kind::kMatch},          {"l2update", Kind::kUnparsed},
    {"ticker", Kind::kTicker},        {"heartbeat", Kind::kHeartbeat},
    {"received", Kind::kUnparsed},    {"open", Kind::kUnparsed},
    {"done", Kind::kUnparsed},        {"change", Kind::kUnparsed},
    {"snapshot", Kind::kUnparsed},    {"last_match", Kind::kLastMatch},
    {"status", Kind::kUnparsed},      {"subscriptions", Kind::kSubscriptions},
    {"error", Kind::kError},          {"activate", Kind::kUnparsed},
    {"auction", Kind::kUnparsed},     {"rfq_match", Kind::kUnparsed},
    {"rfq_matches", Kind::kUnparsed}, {"level3", Kind::kUnparsed},
    {"balance", Kind::kUnparsed},
}};

}  // namespace

Kind kind_of(std::string_view type) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [type](const auto& entry) { return entry.first == type; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Channel channel_of(Kind kind) {
  switch (kind) {
    case Kind::kMatch:
    case Kind::kLastMatch:
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

}  // namespace tapeline::venue::coinbase
