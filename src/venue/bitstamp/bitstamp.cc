// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/bitstamp.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include "model/asset.h"
#include "venue/bitstamp/candles.h"
#include "venue/bitstamp/history.h"
#include "venue/bitstamp/parse.h"
#include "venue/bitstamp/session.h"
#include "venue/bitstamp/symbol.h"
#include "venue/instruments.h"

namespace tapeline::venue::bitstamp {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /trading-pairs-info/: an array of objects with "url_symbol" and "name".
constexpr StatusWord kStatusWords[] = {{"Enabled", ListingStatus::kTrading},
                                       {"Disabled", ListingStatus::kHalted}};

void set_name(const InstrumentRow& row, Listing& out) {
  out.symbol = row.symbol;
  out.canonical = row.base;
  std::replace(out.canonical.begin(), out.canonical.end(), '/', '-');
  const std::size_t slash = row.base.find('/');
  out.base = canonical_asset(row.base.substr(0, slash));
  if (slash != std::string_view::npos) out.quote = canonical_asset(row.base.substr(slash + 1));
}

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.symbol = "url_symbol",
                           .base = "name",
                           .name = set_name,
                           .tick_places = "counter_decimals",
                           .lot_places = "base_decimals",
                           .min_notional = "minimum_order",
                           .status = "trading",
                           .words = kStatusWords},
                          "the list of pairs is not an array of objects with url_symbol and name");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "bitstamp",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::bitstamp
