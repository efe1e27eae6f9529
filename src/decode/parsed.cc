// SPDX-License-Identifier: Apache-2.0
#include "decode/parsed.h"

#include <variant>

#include "base/overloaded.h"

namespace tapeline::decode {

std::optional<EventTime> Parsed::newest_plausible_time() const {
  std::optional<EventTime> newest;
  const auto see = [&](EventTime time) {
    if (time >= kPlausibleFrom && time < kPlausibleTo && (!newest || time > *newest)) newest = time;
  };
  for (const venue::Item& item : items) {
    std::visit(Overloaded{
                   [&](const venue::WireTrade& trade) { see(trade.ts_event); },
                   [&](const venue::WireQuote& quote) {
                     if (quote.has_event_time) see(quote.ts_event);
                   },
                   [&](const venue::WireHeartbeat& heartbeat) { see(heartbeat.time); },
                   [](const venue::Control&) {},  // What carries no data has no time that counts.
                   [](const venue::Reject&) {},
               },
               item);
  }
  return newest;
}

}  // namespace tapeline::decode
