// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/twelvedata.h"

#include <algorithm>
#include <memory>

#include "venue/instruments.h"
#include "venue/twelvedata/parse.h"
#include "venue/twelvedata/session.h"

namespace tapeline::venue::twelvedata {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// EUR/USD as EUR-USD; the symbols of stocks as they are.
std::string canonical_symbol(std::string_view symbol) {
  std::string out(symbol);
  std::replace(out.begin(), out.end(), '/', '-');
  return out;
}

// The answer of GET /stocks, /forex_pairs or /cryptocurrencies: {"data":[{"symbol":"EUR/USD"}]}. It
// does not say what may be traded, nor how.
void set_name(const InstrumentRow& row, Listing& out) {
  out.symbol = row.symbol;
  out.canonical = canonical_symbol(row.symbol);
  if (row.symbol.find('/') != std::string_view::npos) return set_assets(out.canonical, out);
  out.base = row.symbol;
}

Result<InstrumentList> parse_instruments(std::string_view text) {
  return read_instruments(text, {.list = "data", .symbol = "symbol", .name = set_name},
                          "the symbol list holds no data with a symbol");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "twelvedata",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .has_ids = false,
                                .session = session_facts()};
  return kVenue;
}

}  // namespace tapeline::venue::twelvedata
