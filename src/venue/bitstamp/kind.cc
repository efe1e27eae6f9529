// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::bitstamp {
namespace {

// The frequent ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 10> kKinds{{
    {"trade", Kind::kTrade},
    {"data", Kind::kUnparsed},
    {"order_created", Kind::kUnparsed},
    {"order_changed", Kind::kUnparsed},
    {"order_deleted", Kind::kUnparsed},
    {"bts:heartbeat", Kind::kHeartbeat},
    {"bts:subscription_succeeded", Kind::kAck},
    {"bts:unsubscription_succeeded", Kind::kAck},
    {"bts:error", Kind::kError},
    {"bts:request_reconnect", Kind::kReconnect},
}};

}  // namespace

Kind kind_of(std::string_view event) {
  const auto* row = std::find_if(kKinds.begin(), kKinds.end(),
                                 [event](const auto& entry) { return entry.first == event; });
  return row == kKinds.end() ? Kind::kUnknown : row->second;
}

Channel channel_of(Kind kind) {
  return kind == Kind::kTrade       ? Channel::kTrades
         : kind == Kind::kHeartbeat ? Channel::kHeartbeat
                                    : Channel::kOther;
}

Control control_of(Kind kind) {
  Control control{.reason = ControlReason::kUnknownKind, .channel = channel_of(kind)};
  switch (kind) {
    case Kind::kAck:
      control.reason = ControlReason::kAck;
      break;
    case Kind::kHeartbeat:
      control.reason = ControlReason::kHeartbeat;
      break;
    case Kind::kReconnect:
      control.text = "bts:request_reconnect";
      [[fallthrough]];
    case Kind::kError:
      control.reason = ControlReason::kVenueError;
      break;
    case Kind::kUnparsed:
      control.reason = ControlReason::kUnparsed;
      break;
    case Kind::kTrade:
    case Kind::kUnknown:
      break;
  }
  return control;
}

ChannelName split_channel(std::string_view name) {
  const std::size_t at = name.rfind('_');
  if (at == std::string_view::npos) return {.channel = name};
  return {.channel = name.substr(0, at), .symbol = name.substr(at + 1)};
}

}  // namespace tapeline::venue::bitstamp
