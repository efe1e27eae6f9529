// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::bybit {

// What a frame is, by the first word of its `topic`.
enum class Kind : std::uint8_t {
  kTrade,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
  kNone,  // no topic: the answer to a request, or no frame of this venue
};

Kind kind_of(std::string_view topic);

inline Channel channel_of(Kind kind) {
  return kind == Kind::kTrade ? Channel::kTrades : Channel::kOther;
}

// What a frame that is not parsed counts as.
inline Control control_of(Kind kind) {
  return {kind == Kind::kUnknown ? ControlReason::kUnknownKind : ControlReason::kUnparsed,
          Channel::kOther,
          {}};
}

// Whether the text of a refusal says that there was nothing to do.
bool is_harmless(std::string_view message);

}  // namespace tapeline::venue::bybit
