// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/bar.h"
#include "model/bar_columns.h"
#include "model/candle.h"
#include "model/coverage.h"
#include "model/id_spans.h"
#include "model/instrument.h"
#include "model/listing.h"
#include "model/trade.h"

namespace tapeline::store {

// The rows of a store. Each says where it comes from: the position of its record (of a bar, of the
// tick it left at), and its ordinal among what came from there. Instruments are ids of the
// InstrumentNames that go with the rows; a store keeps the names.

struct TradeRow {
  Position position;
  std::uint32_t ordinal = 0;
  Trade trade;
};

struct QuoteRow {
  Position position;
  std::uint32_t ordinal = 0;
  Quote quote;
};

// A revision of a bar as its columns show it.
struct BarRow {
  Position position;
  std::uint32_t ordinal = 0;
  InstrumentId instrument;
  Duration interval{};
  EventTime start;
  BarColumns columns;
  BarState state = BarState::kFinal;
  Quality quality = Quality::kUnknown;
  std::uint32_t revision = 0;
  Cause cause = Cause::kNone;

  // `unshown` grows by the sums that do not fit their column.
  static BarRow of(const BarRevision& bar, std::uint32_t& unshown);
};

// Where in the journal a refused item stands, and why it was refused.
struct RejectedRow {
  Position position;
  std::uint32_t ordinal = 0;
  ConnectionId connection;
  RecvTime ts_recv;
  Channel channel = Channel::kOther;
  std::string reason;
  std::string detail;

  friend bool operator==(const RejectedRow&, const RejectedRow&) = default;
};

// Where in the journal a trade stands that came too late.
struct LateRow {
  Position position;
  std::uint32_t ordinal = 0;
  LateTrade late;
};

// What a venue said of a window. The same window may stand there several times: the last row is
// what it says by now.
struct CandleRow {
  Position position;
  std::uint32_t ordinal = 0;
  VenueCandle candle;
};

// From `valid_from` on the venue's instrument list says this of the instrument, until its next row
// says something else.
struct ListingRow {
  Position position;
  std::uint32_t ordinal = 0;
  std::string venue{};
  RecvTime valid_from;
  Listing listing{};

  friend bool operator==(const ListingRow&, const ListingRow&) = default;
};

// Of the ledger of one (instrument, channel) everything by now that begins within some ids; takes
// the place of what is stored of it there. Not a history. Where a run begins at the only one of
// these ids, no gap began there before.
struct LedgerRow {
  InstrumentId instrument;
  Channel channel = Channel::kTrades;
  std::vector<IdRun> runs{};  // ascending by id, as the next
  std::vector<IdGap> gaps{};
  IdSpan within = kAllIds;
};

// What one transaction stores beside the position: the rows of each kind in the order of
// (position, ordinal).
struct Batch {
  RecvTime tick_recv{};                    // when the record at the position was received
  const InstrumentNames* names = nullptr;  // of the rows' instruments; outlives the commit
  std::vector<TradeRow> trades{};
  std::vector<QuoteRow> quotes{};
  std::vector<BarRow> bars{};
  std::vector<RejectedRow> rejected{};
  std::vector<LateRow> late{};
  std::vector<CandleRow> candles{};
  std::vector<ListingRow> listings{};
  std::vector<LedgerRow> ledgers{};  // of each (instrument, channel) any ids once

  [[nodiscard]] bool empty() const;
  // Keeps the memory for the next rows.
  void clear();
};

}  // namespace tapeline::store
