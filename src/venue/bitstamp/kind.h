// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::bitstamp {

// What the `event` of a message says.
enum class Kind : std::uint8_t {
  kTrade,
  kAck,
  kHeartbeat,
  kError,
  kReconnect,  // the venue is about to close the connection
  kUnparsed,   // documented, but nothing here needs it
  kUnknown,
};

Kind kind_of(std::string_view event);
Channel channel_of(Kind kind);

// Whether the message's other fields are read.
inline bool is_parsed(Kind kind) { return kind < Kind::kUnparsed; }

// What a message that is no trade counts as; of an error, without its text.
Control control_of(Kind kind);

// Of live_trades_btcusd the part before the last '_', and what follows it.
inline constexpr std::string_view kTradesChannel = "live_trades";
struct ChannelName {
  std::string_view channel{};
  std::string_view symbol{};
};
ChannelName split_channel(std::string_view name);

}  // namespace tapeline::venue::bitstamp
