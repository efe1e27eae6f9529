// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/bitstamp.h"

#include <algorithm>
#include <memory>

#include "venue/bitstamp/candles.h"
#include "venue/bitstamp/history.h"
#include "venue/bitstamp/parse.h"
#include "venue/bitstamp/session.h"
#include "venue/bitstamp/symbol.h"
#include "venue/instruments.h"

namespace tapeline::venue::bitstamp {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /trading-pairs-info/: an array of objects with "url_symbol" and "name".
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    std::string canonical(row.base);
    std::replace(canonical.begin(), canonical.end(), '/', '-');
    pairs.emplace_back(row.symbol, std::move(canonical));
  };
  if (!read_instruments(text, {.symbol = "url_symbol", .base = "name"}, on_row)) {
    return fail(Fault::kTheirs,
                "the list of pairs is not an array of objects with url_symbol and name");
  }
  return pairs;
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "bitstamp",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::bitstamp
