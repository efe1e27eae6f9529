// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::finnhub {

// What the `type` of a message says.
enum class Kind : std::uint8_t {
  kTrade,
  kPing,
  kError,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
};

Kind kind_of(std::string_view type);
Channel channel_of(Kind kind);

// Whether the message's other fields are read.
inline bool is_parsed(Kind kind) { return kind < Kind::kUnparsed; }

// What a message without items of its own counts as.
Control control_of(Kind kind);

}  // namespace tapeline::venue::finnhub
