// SPDX-License-Identifier: Apache-2.0
#include "decode/venue_doubt.h"

#include <fmt/format.h>

#include <variant>

#include "base/overloaded.h"

namespace tapeline::decode {

void VenueDoubt::count(const venue::Items& items) {
  ++frames;
  for (const venue::Item& item : items) {
    std::visit(Overloaded{
                   [&](const venue::Reject& reject) {
                     if (reject.reason == venue::RejectReason::kNoKind) ++foreign;
                   },
                   [&](const venue::Control& control) {
                     const bool is_known = control.reason != venue::ControlReason::kUnparsed &&
                                           control.reason != venue::ControlReason::kUnknownKind;
                     if (!is_known) ++passed_over;
                   },
                   [&](const venue::WireHeartbeat& /*heartbeat*/) {},
                   [&](const auto& /*trade or quote*/) { ++of_use; },
               },
               item);
  }
}

std::optional<std::string> VenueDoubt::question(std::string_view venue) const {
  if (foreign * 2 > frames) {
    return fmt::format("{} of {} frames carry no mark of {}: is --venue right?", foreign, frames,
                       venue);
  }
  if (of_use == 0 && passed_over * 2 > frames) {
    return fmt::format(
        "{} of {} frames are of kinds that are not parsed, and none held a trade or quote of {}: "
        "is --venue right?",
        passed_over, frames, venue);
  }
  return std::nullopt;
}

}  // namespace tapeline::decode
