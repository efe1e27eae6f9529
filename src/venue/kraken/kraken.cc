// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/kraken.h"

#include <memory>
#include <utility>

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
Result<SymbolPairs> parse_instruments(std::string_view text) {
  SymbolPairs pairs;
  const auto on_row = [&pairs](const InstrumentRow& row) {
    std::string symbol = stream_name(row.symbol);
    std::string canonical = canonical_symbol(symbol);
    pairs.emplace_back(std::move(symbol), std::move(canonical));
  };
  const InstrumentFields fields{
      .list = "result", .is_object = true, .symbol = "wsname", .skips_unnamed = true};
  if (!read_instruments(text, fields, on_row)) {
    return fail(Fault::kTheirs, "AssetPairs has no result of pairs");
  }
  return pairs;
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
