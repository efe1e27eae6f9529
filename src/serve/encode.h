// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/coverage.h"
#include "model/trade.h"
#include "serve/health.h"
#include "serve/json_writer.h"
#include "serve/market.h"
#include "store/rows.h"

namespace tapeline::serve {

// The JSON of docs/api.md, one value each.

// `position` beside it where it is given.
void write_bar(JsonWriter& json, const store::BarRow& bar,
               std::optional<std::uint64_t> position = std::nullopt);
void write_trade(JsonWriter& json, const Trade& trade);
// ... with where it stands in the journal, and whether it came too late for its bar.
void write_trade_behind(JsonWriter& json, const Trade& trade, std::uint64_t position, bool late);
void write_gap(JsonWriter& json, std::string_view instrument, Channel channel, const IdGap& gap);
void write_instrument(JsonWriter& json, const Instrument& instrument, RecvTime now);
void write_coverage(JsonWriter& json, std::string_view instrument, const LedgerNews& ledger);
void write_feed(JsonWriter& json, const FeedLine& feed);

// Every open hole of one instrument, or of all with an empty name: the newest, and how many more.
void write_gaps(JsonWriter& json, const Market& market, std::string_view instrument,
                std::uint64_t& left_out);

}  // namespace tapeline::serve
