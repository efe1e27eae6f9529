// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::finnhub {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds{{
    {"trade", Kind::kTrade},
    {"ping", Kind::kPing},
    {"error", Kind::kError},
    {"news", Kind::kUnparsed},
    {"pr", Kind::kUnparsed},
}};

}  // namespace

Kind kind_of(std::string_view type) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [type](const auto& entry) { return entry.first == type; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Channel channel_of(Kind kind) {
  return kind == Kind::kTrade  ? Channel::kTrades
         : kind == Kind::kPing ? Channel::kHeartbeat
                               : Channel::kOther;
}

Control control_of(Kind kind) {
  const ControlReason reason = kind == Kind::kPing       ? ControlReason::kHeartbeat
                               : kind == Kind::kUnparsed ? ControlReason::kUnparsed
                                                         : ControlReason::kUnknownKind;
  return Control{.reason = reason, .channel = channel_of(kind)};
}

}  // namespace tapeline::venue::finnhub
