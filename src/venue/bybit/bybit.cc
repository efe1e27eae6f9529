// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/bybit.h"

#include <memory>
#include <utility>

#include "venue/bybit/candles.h"
#include "venue/bybit/history.h"
#include "venue/bybit/parse.h"
#include "venue/bybit/session.h"
#include "venue/instruments.h"
#include "venue/quote_suffix.h"

namespace tapeline::venue::bybit {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /v5/market/instruments-info?category=spot.
constexpr StatusWord kStatusWords[] = {{"Trading", ListingStatus::kTrading},
                                       {"PreLaunch", ListingStatus::kPending},
                                       {"Delivering", ListingStatus::kHalted},
                                       {"Closed", ListingStatus::kDelisted}};

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.list = "result.list",
                           .more = "result.nextPageCursor",
                           .symbol = "symbol",
                           .base = "baseCoin",
                           .quote = "quoteCoin",
                           .name = name_of_parts,
                           .tick = "priceFilter.tickSize",
                           .lot = "lotSizeFilter.basePrecision",
                           .min_size = "lotSizeFilter.minOrderQty",
                           .min_notional = "lotSizeFilter.minOrderAmt",
                           .status = "status",
                           .words = kStatusWords},
                          "instruments-info has no list with symbol, baseCoin and quoteCoin");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "bybit",
                                .make_parser = make_parser,
                                .canonical_symbol = dashed_before_quote,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = false,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::bybit
