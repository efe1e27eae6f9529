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
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    std::string canonical(row.base);
    canonical += '-';
    canonical += row.quote;
    pairs.emplace_back(row.symbol, std::move(canonical));
  };
  const InstrumentFields fields{
      .list = "symbols", .symbol = "symbol", .base = "baseAsset", .quote = "quoteAsset"};
  if (!read_instruments(text, fields, on_row)) {
    return fail(Fault::kTheirs,
                "exchangeInfo has no symbols with symbol, baseAsset and quoteAsset");
  }
  return pairs;
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
