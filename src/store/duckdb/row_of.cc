// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/row_of.h"

#include <optional>

#include "store/duckdb/layout.h"

namespace tapeline::store::duckdb {
namespace {

// Where a row comes from: the first two columns of every table.
template <typename Row>
void read_place(const ChunkReader& chunk, std::size_t i, JournalId journal, Row& row) {
  row.position = {journal, chunk.at<std::uint64_t>(0, i)};
  row.ordinal = chunk.at<std::uint32_t>(1, i);
}

EventTime event_time(const ChunkReader& chunk, std::size_t column, std::size_t i) {
  return EventTime(chunk.at<std::int64_t>(column, i));
}

// An id that somebody has changed to none reads as 0, and so as another than the journal's.
TradeId id_of(const ChunkReader& chunk, std::size_t column, std::size_t i) {
  if (chunk.is_null(column, i)) return {};
  return TradeId::parse(chunk.text(column, i)).value_or(TradeId());
}

// Of a number that was a Decimal once; one that somebody has changed to none reads as 0.
Decimal decimal_of(Int128 at_scale_18) {
  std::uint8_t scale = Decimal::kScaleMax;
  for (; scale > 0 && at_scale_18 % 10 == 0; --scale) at_scale_18 /= 10;
  const auto mantissa = static_cast<std::int64_t>(at_scale_18);
  return mantissa == at_scale_18 ? Decimal{mantissa, scale} : Decimal{};
}

std::optional<Int128> value_of(const ChunkReader& chunk, std::size_t column, std::size_t i) {
  if (chunk.is_null(column, i)) return std::nullopt;
  return chunk.int128(column, i);
}

}  // namespace

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, TradeRow& row) {
  read_place(chunk, i, journal, row);
  const auto traits = chunk.at<std::uint32_t>(8, i);
  Trade& trade = row.trade;
  trade.instrument = InstrumentId(chunk.at<std::uint32_t>(2, i));
  trade.ts_event = event_time(chunk, 4, i);
  trade.ts_recv = RecvTime(chunk.at<std::int64_t>(5, i));
  trade.price = normalised(chunk.at<std::int64_t>(6, i), kPriceScaleBits.in(traits));
  trade.size = normalised(chunk.at<std::int64_t>(7, i), kSizeScaleBits.in(traits));
  trade.flags = Flags::of_bits(kFlagBits.in(traits));
  trade.side = static_cast<Side>(kSideBits.in(traits));
  trade.channel = static_cast<Channel>(kChannelBits.in(traits));
  trade.feeds_bars = kFeedsBarsBit.in(traits) != 0;
  trade.idle_known = kIdleKnownBit.in(traits) != 0;
  trade.contiguous = kContiguousBit.in(traits) != 0;
  trade.counts = static_cast<tapeline::Counts>(static_cast<unsigned>(tapeline::Counts::kAll) -
                                               kCountsLessBits.in(traits));
  trade.conditions = {};
  trade.id = TradeId(chunk.at<std::uint64_t>(3, i));
  trade.order = 0;
  trade.first_fill = trade.last_fill = trade.id.number();
  if (chunk.is_null(9, i)) return;
  if (!chunk.is_null(10, i)) trade.id = id_of(chunk, 10, i);
  trade.order = chunk.at<std::uint64_t>(11, i);
  trade.first_fill = chunk.at<std::uint64_t>(12, i);
  trade.last_fill = chunk.at<std::uint64_t>(13, i);
  if (!chunk.is_null(14, i)) trade.conditions = Conditions::of_bits(chunk.at<std::uint64_t>(14, i));
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, QuoteRow& row) {
  read_place(chunk, i, journal, row);
  const auto traits = chunk.at<std::uint32_t>(9, i);
  const auto price = [&](std::size_t column, Bits scale) {
    return normalised(chunk.at<std::int64_t>(column, i), scale.in(traits));
  };
  row.quote = {.instrument = InstrumentId(chunk.at<std::uint32_t>(2, i)),
               .flags = Flags::of_bits(kFlagBits.in(traits)),
               .has_bid_size = kHasBidSizeBit.in(traits) != 0,
               .has_ask_size = kHasAskSizeBit.in(traits) != 0,
               .ts_event = event_time(chunk, 3, i),
               .ts_recv = RecvTime(chunk.at<std::int64_t>(4, i)),
               .bid_price = price(5, kPriceScaleBits),
               .bid_size = price(6, kSizeScaleBits),
               .ask_price = price(7, kAskPriceScaleBits),
               .ask_size = price(8, kAskSizeScaleBits)};
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, BarRow& row) {
  read_place(chunk, i, journal, row);
  row.instrument = InstrumentId(chunk.at<std::uint32_t>(2, i));
  row.interval = Duration(chunk.at<std::int64_t>(3, i));
  row.start = event_time(chunk, 4, i);
  row.columns = {.open = value_of(chunk, 5, i),
                 .high = value_of(chunk, 6, i),
                 .low = value_of(chunk, 7, i),
                 .close = value_of(chunk, 8, i),
                 .volume = value_of(chunk, 9, i),
                 .buy_volume = value_of(chunk, 10, i),
                 .notional = value_of(chunk, 11, i),
                 .vwap = value_of(chunk, 12, i),
                 .trades = chunk.at<std::uint64_t>(13, i),
                 .first_id = id_of(chunk, 14, i),
                 .last_id = id_of(chunk, 15, i)};
  row.state = static_cast<BarState>(chunk.at<std::uint8_t>(16, i));
  row.quality = static_cast<Quality>(chunk.at<std::uint8_t>(17, i));
  row.revision = chunk.at<std::uint32_t>(18, i);
  row.cause = static_cast<Cause>(chunk.at<std::uint8_t>(19, i));
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, RejectedRow& row) {
  read_place(chunk, i, journal, row);
  row.connection = ConnectionId(chunk.at<std::uint32_t>(2, i));
  row.ts_recv = RecvTime(chunk.at<std::int64_t>(3, i));
  row.channel = static_cast<Channel>(chunk.at<std::uint8_t>(4, i));
  row.reason = chunk.text(5, i);
  row.detail = chunk.text(6, i);
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, LateRow& row) {
  read_place(chunk, i, journal, row);
  row.late = {.instrument = InstrumentId(chunk.at<std::uint32_t>(2, i)),
              .feeds_bars = chunk.at<bool>(6, i),
              .id = id_of(chunk, 3, i),
              .last_fill = chunk.at<std::uint64_t>(4, i),
              .ts_event = event_time(chunk, 5, i)};
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, CandleRow& row) {
  read_place(chunk, i, journal, row);
  const auto decimal = [&](std::size_t column) { return decimal_of(chunk.int128(column, i)); };
  row.candle = {.instrument = InstrumentId(chunk.at<std::uint32_t>(2, i)),
                .interval = Duration(chunk.at<std::int64_t>(3, i)),
                .start = event_time(chunk, 4, i),
                .ts_recv = RecvTime(chunk.at<std::int64_t>(5, i)),
                .open = decimal(6),
                .high = decimal(7),
                .low = decimal(8),
                .close = decimal(9),
                .volume = decimal(10)};
  if (!chunk.is_null(11, i)) row.candle.trades = chunk.at<std::uint64_t>(11, i);
}

void read_row(const ChunkReader& chunk, std::size_t i, JournalId journal, ListingRow& row) {
  read_place(chunk, i, journal, row);
  const auto text = [&](std::size_t column) { return std::string(chunk.text(column, i)); };
  const auto decimal = [&](std::size_t column) -> std::optional<Decimal> {
    if (chunk.is_null(column, i)) return std::nullopt;
    return decimal_of(chunk.int128(column, i));
  };
  row.venue = text(2);
  row.valid_from = RecvTime(chunk.at<std::int64_t>(3, i));
  row.listing = {.symbol = text(4),
                 .canonical = text(5),
                 .base = text(6),
                 .quote = text(7),
                 .tick_size = decimal(8),
                 .lot_size = decimal(9),
                 .min_size = decimal(10),
                 .min_notional = decimal(11),
                 .status = static_cast<ListingStatus>(chunk.at<std::uint8_t>(12, i)),
                 .venue_status = text(13)};
}

}  // namespace tapeline::store::duckdb
