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
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    pairs.emplace_back(row.symbol, row.symbol);
  };
  if (!read_instruments(text, {.list = "products", .symbol = "product_id"}, on_row)) {
    return fail(Fault::kTheirs, "the product list holds no products with a product_id");
  }
  return pairs;
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
