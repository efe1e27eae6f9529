// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/coinbase_advanced.h"

#include <memory>

#include "venue/coinbase_advanced/candles.h"
#include "venue/coinbase_advanced/history.h"
#include "venue/coinbase_advanced/parse.h"
#include "venue/coinbase_advanced/session.h"
#include "venue/instruments.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// Products are named BASE-QUOTE already.
std::string canonical_symbol(std::string_view symbol) { return std::string(symbol); }

// The answer of GET /products: {"products":[{"product_id":"BTC-USD"}]}.
constexpr StatusWord kStatusWords[] = {{"online", ListingStatus::kTrading},
                                       {"offline", ListingStatus::kHalted},
                                       {"internal", ListingStatus::kPending},
                                       {"delisted", ListingStatus::kDelisted}};
constexpr StatusWord kStatusFlags[] = {
    {"is_disabled", ListingStatus::kHalted},     {"trading_disabled", ListingStatus::kHalted},
    {"view_only", ListingStatus::kHalted},       {"cancel_only", ListingStatus::kRestricted},
    {"post_only", ListingStatus::kRestricted},   {"limit_only", ListingStatus::kRestricted},
    {"auction_mode", ListingStatus::kRestricted}};

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.list = "products",
                           .more = "pagination.has_next",
                           .symbol = "product_id",
                           .name = name_of_pair,
                           .tick = "price_increment",
                           .lot = "base_increment",
                           .min_size = "base_min_size",
                           .min_notional = "quote_min_size",
                           .status = "status",
                           .words = kStatusWords,
                           .flags = kStatusFlags},
                          "the product list holds no products with a product_id");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "coinbase_advanced",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::coinbase_advanced
