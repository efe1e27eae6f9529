// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "venue/venue.h"

namespace tapeline::reference {

// What a frame has to give, as text: one line per item, of a refusal only "reject".
// For comparing, so that no memory has to outlive anything.
struct Expected {
  bool is_json = false;
  int depth = 0;
  std::string items;
};

Expected read_binance(std::string_view frame);
Expected read_bitstamp(std::string_view frame);
Expected read_bybit(std::string_view frame);
Expected read_coinbase(std::string_view frame);
Expected read_coinbase_advanced(std::string_view frame);
Expected read_finnhub(std::string_view frame);
Expected read_kraken(std::string_view frame);
Expected read_okx(std::string_view frame);
Expected read_twelvedata(std::string_view frame);

// All that an item says. `with_reasons`: also why a frame was refused.
void append_item(std::string& out, const venue::Item& item, bool with_reasons);

// What a parser gives for a frame, a line per item with all that it says. Behind the frame stands
// what would complete many a cut one, in exactly as much memory as a parser may look at.
std::string describe(venue::Parser& parser, std::string_view frame);

// Compares a parser with the reference on one frame; empty when they agree, else what differs.
// Of valid JSON both must give the same items; which reason a refusal has is left open, and so is
// whether JSON nested near the limit of depth is refused. Of anything else the parser may only
// give a refusal - or, having stopped once it knew a kind that is not parsed, that control.
std::string difference(venue::Parser& parser, Expected (*read)(std::string_view),
                       std::string_view frame);

}  // namespace tapeline::reference
