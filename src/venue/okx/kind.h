// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::okx {

// What a frame is: where it has rows, by its arg's channel, else by its `event`.
enum class Kind : std::uint8_t {
  kTrades,
  kTickers,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
  kAck,
  kError,
  kNotice,  // the connection is about to close
  kNone,    // no frame of this venue
};

Kind kind_of_channel(std::string_view channel);
Kind kind_of_event(std::string_view event);
Channel channel_of(Kind kind);

inline bool has_rows(Kind kind) { return kind <= Kind::kTickers; }

// The answer to the `ping` of a client, which is no JSON.
inline constexpr std::string_view kPong = "pong";

// What a frame of which nothing more is read counts as.
inline Control control_of(Kind kind) {
  switch (kind) {
    case Kind::kAck:
      return {ControlReason::kAck, Channel::kOther, {}};
    case Kind::kUnknown:
      return {ControlReason::kUnknownKind, Channel::kOther, {}};
    default:
      return {ControlReason::kUnparsed, Channel::kOther, {}};
  }
}

}  // namespace tapeline::venue::okx
