// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/finnhub.h"

#include <memory>

#include "venue/finnhub/conditions.h"
#include "venue/finnhub/parse.h"
#include "venue/finnhub/session.h"
#include "venue/instruments.h"

namespace tapeline::venue::finnhub {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// As the venue writes them: AAPL, BINANCE:BTCUSDT, OANDA:EUR_USD.
std::string canonical_symbol(std::string_view symbol) { return std::string(symbol); }

// The answer of GET /stock/symbol?exchange=US: an array of objects with a "symbol". It does not say
// what may be traded, nor how.
void set_name(const InstrumentRow& row, Listing& out) {
  out.symbol = out.canonical = out.base = row.symbol;
}

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text, {.symbol = "symbol", .name = set_name},
                          "the symbol list is not an array of objects with a symbol");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "finnhub",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .has_ids = false,
                                .session = session_facts(),
                                .conditions = kConditionCodes};
  return kVenue;
}

}  // namespace tapeline::venue::finnhub
