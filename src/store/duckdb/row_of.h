// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "store/duckdb/chunk_reader.h"
#include "store/rows.h"

namespace tapeline::store::duckdb {

// The columns that a row is read from, and how. `t` is the table, `x` the extras of a trade.

inline constexpr std::string_view kTradeColumns =
    "t.position, t.ordinal, t.instrument, t.number, t.ts_event, t.ts_recv, t.price, t.size, "
    "t.traits, x.position, x.trade_id, x.venue_order, x.first_fill, x.last_fill, "
    "x.conditions";
inline constexpr std::string_view kQuoteColumns =
    "t.position, t.ordinal, t.instrument, t.ts_event, t.ts_recv, t.bid_price, t.bid_size, "
    "t.ask_price, t.ask_size, t.traits";
inline constexpr std::string_view kBarColumns =
    "t.position, t.ordinal, t.instrument, t.interval, t.start, t.open, t.high, t.low, t.close, "
    "t.volume, t.buy_volume, t.notional, t.vwap, t.trades, t.first_id, t.last_id, t.state, "
    "t.quality, t.revision, t.cause";
inline constexpr std::string_view kRejectedColumns =
    "t.position, t.ordinal, t.connection, t.ts_recv, t.channel, t.reason, t.detail";
inline constexpr std::string_view kLateColumns =
    "t.position, t.ordinal, t.instrument, t.trade_id, t.last_fill, t.ts_event, t.feeds_bars";
inline constexpr std::string_view kCandleColumns =
    "t.position, t.ordinal, t.instrument, t.interval, t.start, t.ts_recv, t.open, t.high, t.low, "
    "t.close, t.volume, t.trades";
inline constexpr std::string_view kListingColumns =
    "t.position, t.ordinal, t.venue, t.valid_from, t.symbol, t.canonical, t.base, t.quote, "
    "t.tick_size, t.lot_size, t.min_size, t.min_notional, t.status, t.venue_status";

// Row `i` of a chunk of those columns.
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, TradeRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, QuoteRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, BarRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, RejectedRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, LateRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, CandleRow& row);
void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, ListingRow& row);

}  // namespace tapeline::store::duckdb
