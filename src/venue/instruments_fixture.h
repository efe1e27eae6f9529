// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "venue/instruments.h"

namespace tapeline::venue {

inline std::string text_of(const std::optional<Decimal>& value) {
  return value ? to_string(*value) : "-";
}

// "SYMBOL CANONICAL BASE/QUOTE tick lot min_size min_notional status(word)", with "!" behind what
// has something unreadable; a line for each row.
inline std::string text_of(const Result<InstrumentList>& list) {
  if (!list) return "refused";
  std::string out;
  for (const auto& [listing, is_unreadable] : list->rows) {
    out += listing.symbol + " " + listing.canonical + " " + listing.base + "/" + listing.quote;
    for (const auto& number :
         {listing.tick_size, listing.lot_size, listing.min_size, listing.min_notional}) {
      out += " " + text_of(number);
    }
    out += std::string(" ") + name_of(listing.status) + "(" + listing.venue_status + ")";
    out += is_unreadable ? "!\n" : "\n";
  }
  return out + (list->is_whole ? "" : "and more\n");
}

}  // namespace tapeline::venue
