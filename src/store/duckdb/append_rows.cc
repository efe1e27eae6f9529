// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/append_rows.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"

namespace tapeline::store::duckdb {
namespace {

std::string text_of(const TradeId& id) {
  std::string text;
  id.append_to(text);
  return text;
}

std::uint64_t number_of(const TradeId& id) { return id.is_number() ? id.number() : 0; }

// Whether a trade says more than its row in the large table: no trade of the venues that count
// their trades does, unless it is an aggregated one.
bool has_extras(const Trade& trade) {
  return !trade.id.is_number() || trade.order != 0 || !trade.conditions.empty() ||
         trade.first_fill != trade.id.number() || trade.last_fill != trade.id.number();
}

std::uint32_t traits_of(const Trade& trade, std::uint8_t price_scale, std::uint8_t size_scale) {
  return static_cast<std::uint32_t>(
      kFlagBits.of(trade.flags.bits()) | kPriceScaleBits.of(price_scale) |
      kSizeScaleBits.of(size_scale) | kSideBits.of(static_cast<std::uint8_t>(trade.side)) |
      kChannelBits.of(static_cast<std::uint8_t>(trade.channel)) |
      kFeedsBarsBit.of(trade.feeds_bars ? 1 : 0) | kIdleKnownBit.of(trade.idle_known ? 1 : 0) |
      kContiguousBit.of(trade.contiguous ? 1 : 0) |
      kCountsLessBits.of(static_cast<unsigned>(tapeline::Counts::kAll) -
                         static_cast<unsigned>(trade.counts)));
}

void fill_trades(ChunkWriter& to, std::span<const TradeRow> rows, Instruments& instruments) {
  auto* position = to.column<std::uint64_t>(0);
  auto* ordinal = to.column<std::uint32_t>(1);
  auto* instrument = to.column<std::uint32_t>(2);
  auto* number = to.column<std::uint64_t>(3);
  auto* ts_event = to.column<std::int64_t>(4);
  auto* ts_recv = to.column<std::int64_t>(5);
  auto* price = to.column<std::int64_t>(6);
  auto* size = to.column<std::int64_t>(7);
  auto* traits = to.column<std::uint32_t>(8);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Trade& trade = rows[i].trade;
    StoredInstrument& stored = instruments.of(trade.instrument);
    const Decimal aligned_price = stored.price.align(trade.price);
    const Decimal aligned_size = stored.size.align(trade.size);
    position[i] = rows[i].position.ordinal;
    ordinal[i] = rows[i].ordinal;
    instrument[i] = stored.number;
    number[i] = number_of(trade.id);
    ts_event[i] = trade.ts_event.unix_ns();
    ts_recv[i] = trade.ts_recv.unix_ns();
    price[i] = aligned_price.mantissa;
    size[i] = aligned_size.mantissa;
    traits[i] = traits_of(trade, aligned_price.scale, aligned_size.scale);
  }
}

void fill_extras(ChunkWriter& to, std::span<const TradeRow* const> rows) {
  auto* position = to.column<std::uint64_t>(0);
  auto* ordinal = to.column<std::uint32_t>(1);
  auto* venue_order = to.column<std::uint64_t>(3);
  auto* first_fill = to.column<std::uint64_t>(4);
  auto* last_fill = to.column<std::uint64_t>(5);
  auto* conditions = to.column<std::uint64_t>(6);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Trade& trade = rows[i]->trade;
    position[i] = rows[i]->position.ordinal;
    ordinal[i] = rows[i]->ordinal;
    if (trade.id.is_number()) {
      to.set_null(2, i);
    } else {
      to.set_text(2, i, text_of(trade.id));
    }
    venue_order[i] = trade.order;
    first_fill[i] = trade.first_fill;
    last_fill[i] = trade.last_fill;
    conditions[i] = trade.conditions.bits();
  }
}

void fill_quotes(ChunkWriter& to, std::span<const QuoteRow> rows, Instruments& instruments) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Quote& quote = rows[i].quote;
    StoredInstrument& stored = instruments.of(quote.instrument);
    const Decimal bid_price = stored.price.align(quote.bid_price);
    const Decimal bid_size = stored.size.align(quote.bid_size);
    const Decimal ask_price = stored.price.align(quote.ask_price);
    const Decimal ask_size = stored.size.align(quote.ask_size);
    to.column<std::uint64_t>(0)[i] = rows[i].position.ordinal;
    to.column<std::uint32_t>(1)[i] = rows[i].ordinal;
    to.column<std::uint32_t>(2)[i] = stored.number;
    to.column<std::int64_t>(3)[i] = quote.ts_event.unix_ns();
    to.column<std::int64_t>(4)[i] = quote.ts_recv.unix_ns();
    to.column<std::int64_t>(5)[i] = bid_price.mantissa;
    to.column<std::int64_t>(6)[i] = bid_size.mantissa;
    to.column<std::int64_t>(7)[i] = ask_price.mantissa;
    to.column<std::int64_t>(8)[i] = ask_size.mantissa;
    to.column<std::uint32_t>(9)[i] = static_cast<std::uint32_t>(
        kFlagBits.of(quote.flags.bits()) | kPriceScaleBits.of(bid_price.scale) |
        kSizeScaleBits.of(bid_size.scale) | kAskPriceScaleBits.of(ask_price.scale) |
        kAskSizeScaleBits.of(ask_size.scale) | kHasBidSizeBit.of(quote.has_bid_size ? 1 : 0) |
        kHasAskSizeBit.of(quote.has_ask_size ? 1 : 0));
  }
}

void fill_bars(ChunkWriter& to, std::span<const BarRow> rows, Instruments& instruments) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const BarRow& bar = rows[i];
    const BarColumns& columns = bar.columns;
    to.column<std::uint64_t>(0)[i] = bar.position.ordinal;
    to.column<std::uint32_t>(1)[i] = bar.ordinal;
    to.column<std::uint32_t>(2)[i] = instruments.of(bar.instrument).number;
    to.column<std::int64_t>(3)[i] = bar.interval.count();
    to.column<std::int64_t>(4)[i] = bar.start.unix_ns();
    std::size_t column = 5;
    for (const auto& value : {columns.open, columns.high, columns.low, columns.close,
                              columns.volume, columns.buy_volume, columns.notional, columns.vwap}) {
      if (value) {
        to.set_int128(column++, i, *value);
      } else {
        to.set_null(column++, i);
      }
    }
    to.column<std::uint64_t>(13)[i] = columns.trades;
    to.set_text(14, i, text_of(columns.first_id));
    to.set_text(15, i, text_of(columns.last_id));
    to.column<std::uint8_t>(16)[i] = static_cast<std::uint8_t>(bar.state);
    to.column<std::uint8_t>(17)[i] = static_cast<std::uint8_t>(bar.quality);
    to.column<std::uint32_t>(18)[i] = bar.revision;
    to.column<std::uint8_t>(19)[i] = static_cast<std::uint8_t>(bar.cause);
  }
}

void fill_rejected(ChunkWriter& to, std::span<const RejectedRow> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    to.column<std::uint64_t>(0)[i] = rows[i].position.ordinal;
    to.column<std::uint32_t>(1)[i] = rows[i].ordinal;
    to.column<std::uint32_t>(2)[i] = rows[i].connection.value();
    to.column<std::int64_t>(3)[i] = rows[i].ts_recv.unix_ns();
    to.column<std::uint8_t>(4)[i] = static_cast<std::uint8_t>(rows[i].channel);
    to.set_text(5, i, rows[i].reason);
    to.set_text(6, i, rows[i].detail);
  }
}

void fill_late(ChunkWriter& to, std::span<const LateRow> rows, Instruments& instruments) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const LateTrade& late = rows[i].late;
    to.column<std::uint64_t>(0)[i] = rows[i].position.ordinal;
    to.column<std::uint32_t>(1)[i] = rows[i].ordinal;
    to.column<std::uint32_t>(2)[i] = instruments.of(late.instrument).number;
    to.set_text(3, i, text_of(late.id));
    to.column<std::uint64_t>(4)[i] = late.last_fill;
    to.column<std::int64_t>(5)[i] = late.ts_event.unix_ns();
    to.column<bool>(6)[i] = late.feeds_bars;
  }
}

void fill_candles(ChunkWriter& to, std::span<const CandleRow> rows, Instruments& instruments) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const VenueCandle& candle = rows[i].candle;
    to.column<std::uint64_t>(0)[i] = rows[i].position.ordinal;
    to.column<std::uint32_t>(1)[i] = rows[i].ordinal;
    to.column<std::uint32_t>(2)[i] = instruments.of(candle.instrument).number;
    to.column<std::int64_t>(3)[i] = candle.interval.count();
    to.column<std::int64_t>(4)[i] = candle.start.unix_ns();
    to.column<std::int64_t>(5)[i] = candle.ts_recv.unix_ns();
    std::size_t column = 6;
    for (const Decimal value :
         {candle.open, candle.high, candle.low, candle.close, candle.volume}) {
      to.set_int128(column++, i, value.at_scale_18());
    }
    if (candle.trades) {
      to.column<std::uint64_t>(column)[i] = *candle.trades;
    } else {
      to.set_null(column, i);
    }
  }
}

void fill_listings(ChunkWriter& to, std::span<const ListingRow> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Listing& listing = rows[i].listing;
    to.column<std::uint64_t>(0)[i] = rows[i].position.ordinal;
    to.column<std::uint32_t>(1)[i] = rows[i].ordinal;
    to.set_text(2, i, rows[i].venue);
    to.column<std::int64_t>(3)[i] = rows[i].valid_from.unix_ns();
    std::size_t column = 4;
    for (const std::string* text :
         {&listing.symbol, &listing.canonical, &listing.base, &listing.quote}) {
      to.set_text(column++, i, *text);
    }
    for (const auto& value :
         {listing.tick_size, listing.lot_size, listing.min_size, listing.min_notional}) {
      value ? to.set_int128(column, i, value->at_scale_18()) : to.set_null(column, i);
      ++column;
    }
    to.column<std::uint8_t>(column)[i] = static_cast<std::uint8_t>(listing.status);
    to.set_text(column + 1, i, listing.venue_status);
  }
}

}  // namespace

enum RowAppenders::Table : std::size_t {
  kInstruments,
  kTrades,
  kExtras,
  kQuotes,
  kBars,
  kRejected,
  kLate,
  kCandles,
  kListings,
};

Result<RowAppenders> RowAppenders::open(duckdb_connection connection, Instruments& instruments) {
  std::vector<Intake> tables;
  for (const char* name : {"instruments", "trades", "trade_extras", "quotes", "bars", "rejected",
                           "late", "venue_candles", "listings"}) {
    auto opened = Intake::open_insert(connection, name);
    if (!opened) return tl::make_unexpected(opened.error());
    tables.push_back(std::move(*opened));
  }
  return RowAppenders(std::move(tables), instruments);
}

template <typename Row, typename Fill>
Result<void> RowAppenders::append_all(Table table, std::span<const Row> rows, Fill fill) {
  const auto stored = tables_[table].take_all(rows, fill);
  if (!stored) return tl::make_unexpected(stored.error());
  TAPELINE_CHECK(*stored == rows.size(), "rows that the store did not take");
  return {};
}

Result<void> RowAppenders::append(std::span<const TradeRow> rows) {
  auto done = append_all(kTrades, rows, [this](ChunkWriter& to, std::span<const TradeRow> part) {
    fill_trades(to, part, *instruments_);
  });
  return done ? append_extras(rows) : done;
}

Result<void> RowAppenders::append_extras(std::span<const TradeRow> rows) {
  std::vector<const TradeRow*> special;
  for (const TradeRow& row : rows) {
    if (has_extras(row.trade)) special.push_back(&row);
  }
  return append_all(kExtras, std::span<const TradeRow* const>(special), fill_extras);
}

Result<void> RowAppenders::append(std::span<const QuoteRow> rows) {
  return append_all(kQuotes, rows, [this](ChunkWriter& to, std::span<const QuoteRow> part) {
    fill_quotes(to, part, *instruments_);
  });
}

Result<void> RowAppenders::append(std::span<const BarRow> rows) {
  return append_all(kBars, rows, [this](ChunkWriter& to, std::span<const BarRow> part) {
    fill_bars(to, part, *instruments_);
  });
}

Result<void> RowAppenders::append(std::span<const RejectedRow> rows) {
  return append_all(kRejected, rows, fill_rejected);
}

Result<void> RowAppenders::append(std::span<const LateRow> rows) {
  return append_all(kLate, rows, [this](ChunkWriter& to, std::span<const LateRow> part) {
    fill_late(to, part, *instruments_);
  });
}

Result<void> RowAppenders::append(std::span<const CandleRow> rows) {
  return append_all(kCandles, rows, [this](ChunkWriter& to, std::span<const CandleRow> part) {
    fill_candles(to, part, *instruments_);
  });
}

Result<void> RowAppenders::append(std::span<const ListingRow> rows) {
  return append_all(kListings, rows, fill_listings);
}

Result<void> RowAppenders::append_instruments() {
  const std::vector<std::string>& names = instruments_->unstored();
  const auto first = static_cast<std::uint32_t>(instruments_->size() - names.size());
  return append_all(kInstruments, std::span(names),
                    [&](ChunkWriter& to, std::span<const std::string> part) {
                      for (std::size_t i = 0; i < part.size(); ++i) {
                        to.column<std::uint32_t>(0)[i] =
                            first + static_cast<std::uint32_t>(&part[i] - names.data());
                        to.set_text(1, i, part[i]);
                      }
                    });
}

}  // namespace tapeline::store::duckdb
