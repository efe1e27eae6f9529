// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/okx.h"

#include <memory>

#include "venue/instruments.h"
#include "venue/okx/candles.h"
#include "venue/okx/history.h"
#include "venue/okx/parse.h"
#include "venue/okx/session.h"

namespace tapeline::venue::okx {
namespace {

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

// The answer of GET /api/v5/public/instruments. The venue's names are canonical.
constexpr StatusWord kStatusWords[] = {
    {"live", ListingStatus::kTrading},    {"post_only", ListingStatus::kRestricted},
    {"suspend", ListingStatus::kHalted},  {"rebase", ListingStatus::kHalted},
    {"test", ListingStatus::kHalted},     {"preopen", ListingStatus::kPending},
    {"expired", ListingStatus::kDelisted}};

Result<InstrumentList> parse_instruments(std::string_view text) {
  auto list = read_instruments(text,
                               {.list = "data",
                                .symbol = "instId",
                                .name = name_of_pair,
                                .tick = "tickSz",
                                .lot = "lotSz",
                                .min_size = "minSz",
                                .status = "state",
                                .words = kStatusWords},
                               "instruments has no data with instId");
  if (list && list->rows.empty()) return fail(Fault::kTheirs, "instruments has no data");
  return list;
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "okx",
                                .make_parser = make_parser,
                                .canonical_symbol = same_symbol,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true,
                                .session = session_facts(),
                                .history = &kHistoryFacts,
                                .candles = &kCandleFacts};
  return kVenue;
}

}  // namespace tapeline::venue::okx
