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
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    pairs.emplace_back(row.symbol, row.symbol);
  };
  const bool is_read = read_instruments(text, {.symbol = "id"}, on_row);
  if (!is_read)
    return fail(Fault::kTheirs, "the product list is not an array of objects with an id");
  return pairs;
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
