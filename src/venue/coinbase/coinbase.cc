// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/coinbase.h"

#include <memory>

#include "venue/coinbase/candles.h"
#include "venue/coinbase/history.h"
#include "venue/coinbase/parse.h"
#include "venue/coinbase/session.h"
#include "venue/instruments.h"

namespace tapeline::venue::coinbase {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// Products are named BASE-QUOTE already.
std::string canonical_symbol(std::string_view symbol) { return std::string(symbol); }

// The answer of GET /products: an array of objects with an "id".
constexpr StatusWord kStatusWords[] = {{"online", ListingStatus::kTrading},
                                       {"offline", ListingStatus::kHalted},
                                       {"internal", ListingStatus::kPending},
                                       {"delisted", ListingStatus::kDelisted}};
constexpr StatusWord kStatusFlags[] = {{"trading_disabled", ListingStatus::kHalted},
                                       {"cancel_only", ListingStatus::kRestricted},
                                       {"post_only", ListingStatus::kRestricted},
                                       {"limit_only", ListingStatus::kRestricted},
                                       {"auction_mode", ListingStatus::kRestricted}};

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.symbol = "id",
                           .name = name_of_pair,
                           .tick = "quote_increment",
                           .lot = "base_increment",
                           .min_size = "base_min_size",
                           .min_notional = "min_market_funds",
                           .status = "status",
                           .words = kStatusWords,
                           .flags = kStatusFlags},
                          "the product list is not an array of objects with an id");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "coinbase",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::coinbase
