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
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    std::string canonical(row.base);
    canonical += '-';
    canonical += row.quote;
    pairs.emplace_back(row.symbol, std::move(canonical));
  };
  const InstrumentFields fields{
      .list = "result.list", .symbol = "symbol", .base = "baseCoin", .quote = "quoteCoin"};
  if (!read_instruments(text, fields, on_row)) {
    return fail(Fault::kTheirs, "instruments-info has no list with symbol, baseCoin and quoteCoin");
  }
  return pairs;
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
