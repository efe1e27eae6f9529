// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::coinbase_advanced {

// What the `channel` of a message says; of errors, which have none, the `type`.
enum class Kind : std::uint8_t {
  kTrades,
  kTicker,
  kHeartbeat,
  kSubscriptions,
  kError,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
};

Kind kind_of_channel(std::string_view channel);
Kind kind_of_type(std::string_view type);
Channel channel_of(Kind kind);

// Whether the message's other fields are read.
inline bool is_parsed(Kind kind) { return kind < Kind::kUnparsed; }

// What a message without items of its own counts as.
Control control_of(Kind kind);

}  // namespace tapeline::venue::coinbase_advanced
