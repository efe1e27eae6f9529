// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::kraken {

// What a frame is, by its `channel`.
enum class Kind : std::uint8_t {
  kTrade,
  kTicker,
  kHeartbeat,
  kUnparsed,  // documented, but nothing here needs it
  kUnknown,
  kNone,  // no channel: the answer to a request, or no frame of this venue
};

Kind kind_of(std::string_view channel);
Channel channel_of(Kind kind);

// Whether the rows are read once the kind is known.
inline bool has_rows(Kind kind) { return kind <= Kind::kTicker; }

// Whether the frame's other fields are read at all.
inline bool is_read(Kind kind) { return kind != Kind::kUnparsed && kind != Kind::kUnknown; }

// What a frame without rows counts as.
inline Control control_of(Kind kind) {
  if (kind == Kind::kHeartbeat) return {ControlReason::kHeartbeat, Channel::kHeartbeat, {}};
  return {kind == Kind::kUnknown ? ControlReason::kUnknownKind : ControlReason::kUnparsed,
          Channel::kOther,
          {}};
}

// Whether the text of a refusal says that there was nothing to do.
bool is_harmless(std::string_view error);

}  // namespace tapeline::venue::kraken
