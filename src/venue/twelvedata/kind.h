// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue::twelvedata {

// What the `event` of a message says; of errors over HTTP's forms, which have none, that.
enum class Kind : std::uint8_t {
  kPrice,
  kStatus,  // of subscriptions: subscribe-status and its like
  kHeartbeat,
  kError,
  kUnknown,
};

Kind kind_of(std::string_view event);
Channel channel_of(Kind kind);

}  // namespace tapeline::venue::twelvedata
