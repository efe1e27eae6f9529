// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/kind.h"

namespace tapeline::venue::twelvedata {

Kind kind_of(std::string_view event) {
  if (event == "price") return Kind::kPrice;
  if (event == "heartbeat") return Kind::kHeartbeat;
  const bool is_status =
      event == "subscribe-status" || event == "unsubscribe-status" || event == "reset-status";
  return is_status ? Kind::kStatus : Kind::kUnknown;
}

Channel channel_of(Kind kind) {
  return kind == Kind::kPrice       ? Channel::kTrades
         : kind == Kind::kHeartbeat ? Channel::kHeartbeat
                                    : Channel::kOther;
}

}  // namespace tapeline::venue::twelvedata
