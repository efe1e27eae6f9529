// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/kraken.h"

#include <memory>

#include "venue/instruments.h"
#include "venue/kraken/candles.h"
#include "venue/kraken/history.h"
#include "venue/kraken/parse.h"
#include "venue/kraken/session.h"
#include "venue/kraken/symbol.h"

namespace tapeline::venue::kraken {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /0/public/AssetPairs. Pairs that are not streamed have no `wsname`.
constexpr StatusWord kStatusWords[] = {
    {"online", ListingStatus::kTrading},           {"cancel_only", ListingStatus::kRestricted},
    {"post_only", ListingStatus::kRestricted},     {"limit_only", ListingStatus::kRestricted},
    {"reduce_only", ListingStatus::kRestricted},   {"maintenance", ListingStatus::kHalted},
    {"work_in_progress", ListingStatus::kPending}, {"delisted", ListingStatus::kDelisted}};

void set_name(const InstrumentRow& row, Listing& out) {
  out.symbol = stream_name(row.symbol);
  out.canonical = canonical_symbol(out.symbol);
  set_assets(out.canonical, out);
  out.base = common_asset(out.base);
  out.quote = common_asset(out.quote);
}

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text,
                          {.list = "result",
                           .is_object = true,
                           .symbol = "wsname",
                           .skips_unnamed = true,
                           .name = set_name,
                           .tick = "tick_size",
                           .tick_places = "pair_decimals",
                           .lot_places = "lot_decimals",
                           .min_size = "ordermin",
                           .min_notional = "costmin",
                           .status = "status",
                           .words = kStatusWords},
                          "AssetPairs has no result of pairs");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "kraken",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::kraken
