// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::binance {

// What a payload is, by its `e` or, where it has none, by its shape.
enum class Kind : std::uint8_t {
  kTrade,
  kAggTrade,
  kBookTicker,
  kShutdown,  // the connection is about to close
  kAck,
  kError,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
  kNone,  // no payload of this venue
};

// By the value of `e`.
Kind kind_of(std::string_view event);
Channel channel_of(Kind kind);

// Whether the payload's other fields are read once its `e` is known.
inline bool is_parsed(Kind kind) { return kind < Kind::kShutdown; }

// What a payload that is not parsed counts as.
inline Control control_of(Kind kind) {
  return Control{.reason = kind == Kind::kUnknown ? ControlReason::kUnknownKind
                                                  : ControlReason::kUnparsed};
}

}  // namespace tapeline::venue::binance
