// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/binance.h"

#include <memory>

#include "venue/binance/candles.h"
#include "venue/binance/history.h"
#include "venue/binance/parse.h"
#include "venue/binance/session.h"
#include "venue/instruments.h"
#include "venue/quote_suffix.h"

namespace tapeline::venue::binance {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /api/v3/exchangeInfo.
constexpr StatusWord kStatusWords[] = {
    {"TRADING", ListingStatus::kTrading},     {"AUCTION_MATCH", ListingStatus::kRestricted},
    {"HALT", ListingStatus::kHalted},         {"BREAK", ListingStatus::kHalted},
    {"END_OF_DAY", ListingStatus::kHalted},   {"POST_TRADING", ListingStatus::kHalted},
    {"PRE_TRADING", ListingStatus::kPending}, {"PENDING_TRADING", ListingStatus::kPending}};

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.list = "symbols",
                           .symbol = "symbol",
                           .base = "baseAsset",
                           .quote = "quoteAsset",
                           .name = name_of_parts,
                           .tick = "filters.PRICE_FILTER.tickSize",
                           .lot = "filters.LOT_SIZE.stepSize",
                           .min_size = "filters.LOT_SIZE.minQty",
                           .min_notional = "filters.NOTIONAL.minNotional",
                           .status = "status",
                           .words = kStatusWords},
                          "exchangeInfo has no symbols with symbol, baseAsset and quoteAsset");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "binance",
                                .make_parser = make_parser,
                                .canonical_symbol = dashed_before_quote,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::binance
