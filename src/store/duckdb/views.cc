// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "model/bar.h"
#include "model/coverage.h"
#include "model/listing.h"
#include "model/trade.h"
#include "store/duckdb/layout.h"
#include "store/duckdb/schema.h"

namespace tapeline::store::duckdb {
namespace {

template <typename Enum>
std::string case_of(std::string_view value, std::initializer_list<Enum> enumerators) {
  std::string sql = fmt::format("CASE {}", value);
  for (const Enum e : enumerators) {
    sql += fmt::format(" WHEN {} THEN '{}'", static_cast<unsigned>(e), name_of(e));
  }
  return sql + " END";
}

std::string side_of(std::string_view value) {
  return case_of(value, {Side::kUnknown, Side::kBuy, Side::kSell});
}

std::string channel_of(std::string_view value) {
  return case_of(value, {Channel::kTrades, Channel::kAggTrades, Channel::kQuotes,
                         Channel::kHeartbeat, Channel::kOther, Channel::kCandles});
}

// The words of append_flags(), separated by blanks.
std::string flags_of(std::string_view traits) {
  std::string sql = "concat_ws(' '";
  for (const Flag flag : {Flag::kSnapshot, Flag::kBackfill, Flag::kSyntheticId, Flag::kCoarseTime,
                          Flag::kNoEventTime, Flag::kNoSize}) {
    std::string word;
    append_flags(word, Flags(flag));
    sql += fmt::format(", CASE WHEN {} & {} <> 0 THEN '{}' END", traits,
                       kFlagBits.of(static_cast<std::uint8_t>(flag)), word);
  }
  return sql + ")";
}

// As append_conditions() writes them; empty text where there are none.
std::string conditions_of(std::string_view bits) {
  return fmt::format(
      "CASE WHEN coalesce({0}, 0) = 0 THEN '' ELSE array_to_string(list_transform("
      "list_filter(range({1}), lambda code: ({0} >> code::UBIGINT) & 1 = 1), "
      "lambda code: CASE WHEN code < {2} THEN code::VARCHAR ELSE 'other' END), ' ') END",
      bits, Conditions::kCodes + 1, Conditions::kCodes);
}

std::string counts_of(std::string_view traits) {
  return case_of(fmt::format("({} - {})", static_cast<unsigned>(tapeline::Counts::kAll),
                             kCountsLessBits.sql(traits)),
                 {tapeline::Counts::kNone, tapeline::Counts::kVolume, tapeline::Counts::kFallback,
                  tapeline::Counts::kAll});
}

// DECIMAL(19,0) * DECIMAL(19,18) is a DECIMAL(38,18), and no mantissa of 64 bits overflows it.
std::string decimal_of(std::string_view mantissa, std::string_view scale) {
  std::string sql = fmt::format("{}::DECIMAL(19,0) * CASE {}", mantissa, scale);
  for (std::size_t s = 0; s <= Decimal::kScaleMax; ++s) {
    const std::string one = s == 0 ? "1" : "0." + std::string(s - 1, '0') + "1";
    sql += fmt::format(" WHEN {} THEN {}::DECIMAL(19,18)", s, one);
  }
  return sql + " END";
}

// As format_duration() writes it.
std::string duration_of(std::string_view ns) {
  std::string sql = "CASE";
  for (const auto& [unit, unit_ns] : {std::pair("d", 86'400'000'000'000),
                                      {"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000}}) {
    sql += fmt::format(" WHEN {0} % {1} = 0 THEN {0} // {1} || '{2}'", ns, unit_ns, unit);
  }
  return sql + fmt::format(" ELSE {} || 'ns' END", ns);
}

std::string trades_view() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW trades AS SELECT
  i.name AS instrument,
  coalesce(x.trade_id, t.number::VARCHAR) AS trade_id,
  make_timestamp_ns(t.ts_event) AS ts_event,
  make_timestamp_ns(nullif(t.ts_recv, 0)) AS ts_recv,
  {} AS price,
  CASE WHEN t.traits & {} = 0 THEN {} END AS size,
  {} AS side,
  {} AS flags,
  {} AS conditions,
  {} AS counts,
  {} AS channel,
  coalesce(x.first_fill, t.number) AS first_fill,
  coalesce(x.last_fill, t.number) AS last_fill,
  {} <> 0 AS feeds_bars,
  t.position, t.ordinal, t.ts_event AS ts_event_ns, nullif(t.ts_recv, 0) AS ts_recv_ns
FROM stored.trades t
JOIN stored.instruments i ON i.id = t.instrument
LEFT JOIN stored.trade_extras x ON x.position = t.position AND x.ordinal = t.ordinal;
)sql",
      decimal_of("t.price", kPriceScaleBits.sql("t.traits")),
      kFlagBits.of(static_cast<std::uint8_t>(Flag::kNoSize)),
      decimal_of("t.size", kSizeScaleBits.sql("t.traits")), side_of(kSideBits.sql("t.traits")),
      flags_of("t.traits"), conditions_of("x.conditions"), counts_of("t.traits"),
      channel_of(kChannelBits.sql("t.traits")), kFeedsBarsBit.sql("t.traits"));
}

std::string quotes_view() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW quotes AS SELECT
  i.name AS instrument,
  make_timestamp_ns(q.ts_event) AS ts_event,
  make_timestamp_ns(nullif(q.ts_recv, 0)) AS ts_recv,
  {} AS bid_price,
  CASE WHEN {} = 1 THEN {} END AS bid_size,
  {} AS ask_price,
  CASE WHEN {} = 1 THEN {} END AS ask_size,
  {} AS flags,
  q.position, q.ordinal, q.ts_event AS ts_event_ns, nullif(q.ts_recv, 0) AS ts_recv_ns
FROM stored.quotes q
JOIN stored.instruments i ON i.id = q.instrument;
)sql",
      decimal_of("q.bid_price", kPriceScaleBits.sql("q.traits")), kHasBidSizeBit.sql("q.traits"),
      decimal_of("q.bid_size", kSizeScaleBits.sql("q.traits")),
      decimal_of("q.ask_price", kAskPriceScaleBits.sql("q.traits")), kHasAskSizeBit.sql("q.traits"),
      decimal_of("q.ask_size", kAskSizeScaleBits.sql("q.traits")), flags_of("q.traits"));
}

// Most bars have no second revision: only those that have are looked at twice.
std::string bars_views() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW bar_revisions AS SELECT
  i.name AS instrument,
  {} AS interval,
  make_timestamp_ns(b.start) AS start,
  b.open, b.high, b.low, b.close, b.volume, b.buy_volume, b.notional, b.vwap, b.trades,
  b.first_id, b.last_id,
  {} AS state,
  {} AS quality,
  b.revision,
  {} AS cause,
  b.position, b.ordinal, b.interval AS interval_ns, b.start AS start_ns
FROM stored.bars b
JOIN stored.instruments i ON i.id = b.instrument;
CREATE OR REPLACE VIEW bars AS SELECT b.*
FROM bar_revisions b
LEFT JOIN (
  SELECT instrument, interval_ns, start_ns, max(revision) AS last
  FROM bar_revisions WHERE revision > 0 GROUP BY ALL
) r ON r.instrument = b.instrument AND r.interval_ns = b.interval_ns AND r.start_ns = b.start_ns
WHERE b.revision = coalesce(r.last, b.revision);
)sql",
      duration_of("b.interval"), case_of("b.state", {BarState::kProvisional, BarState::kFinal}),
      case_of("b.quality",
              {Quality::kComplete, Quality::kRepaired, Quality::kGap, Quality::kUnknown}),
      case_of("b.cause",
              {Cause::kNone, Cause::kConfirmed, Cause::kGap, Cause::kLateTrade, Cause::kBackfill}));
}

std::string ledger_views() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW gaps AS SELECT
  i.name AS instrument, {0} AS channel, g.from_id, g.to_id,
  make_timestamp_ns(g.from_time) AS from_time, make_timestamp_ns(g.to_time) AS to_time,
  {1} AS cause, {2} AS state, g.from_time AS from_time_ns, g.to_time AS to_time_ns
FROM stored.gaps g
JOIN stored.instruments i ON i.id = g.instrument;
CREATE OR REPLACE VIEW coverage AS SELECT
  i.name AS instrument, {0} AS channel, g.from_id, g.to_id,
  make_timestamp_ns(g.from_time) AS from_time, make_timestamp_ns(g.to_time) AS to_time,
  g.repaired, g.from_time AS from_time_ns, g.to_time AS to_time_ns
FROM stored.coverage g
JOIN stored.instruments i ON i.id = g.instrument;
)sql",
      channel_of("g.channel"),
      case_of("g.cause", {GapCause::kLost, GapCause::kHeartbeat, GapCause::kLate}),
      case_of("g.state", {GapState::kOpen, GapState::kUnrecoverable}));
}

// The last that a venue said of each window.
std::string candle_views() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW venue_candles AS SELECT
  i.name AS instrument, {} AS interval, make_timestamp_ns(c.start) AS start,
  c.open, c.high, c.low, c.close, c.volume, c.trades, make_timestamp_ns(c.ts_recv) AS ts_recv,
  c.position, c.ordinal, c.interval AS interval_ns, c.start AS start_ns
FROM stored.venue_candles c
JOIN stored.instruments i ON i.id = c.instrument
QUALIFY row_number() OVER (
  PARTITION BY c.instrument, c.interval, c.start ORDER BY c.position DESC, c.ordinal DESC) = 1;
)sql",
      duration_of("c.interval"));
}

// What the venues' instrument lists said, and until when; `instruments` is what they say by now.
std::string listing_views() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW instrument_history AS SELECT
  l.venue || ':' || l.canonical AS instrument, l.venue, l.canonical AS symbol,
  l.symbol AS venue_symbol, nullif(l.base, '') AS base, nullif(l.quote, '') AS quote,
  l.tick_size, l.lot_size, l.min_size, l.min_notional, {} AS status,
  nullif(l.venue_status, '') AS venue_status, make_timestamp_ns(l.valid_from) AS valid_from,
  make_timestamp_ns(l.valid_to) AS valid_to, l.position, l.ordinal,
  l.valid_from AS valid_from_ns, l.valid_to AS valid_to_ns
FROM (
  SELECT *, lead(valid_from) OVER (
    PARTITION BY venue, symbol ORDER BY position, ordinal) AS valid_to
  FROM stored.listings
) l;
CREATE OR REPLACE VIEW instruments AS
SELECT * EXCLUDE (valid_to, valid_to_ns) FROM instrument_history WHERE valid_to_ns IS NULL;
)sql",
      case_of("l.status",
              {ListingStatus::kUnknown, ListingStatus::kTrading, ListingStatus::kRestricted,
               ListingStatus::kHalted, ListingStatus::kPending, ListingStatus::kDelisted,
               ListingStatus::kVanished}));
}

// Our bars against the venue's candles, a row for each value that differs. Nothing is compared
// before our first bar; a minute that only one side has is a row of its own.
std::string difference_view() {
  std::string fields;
  for (const std::string_view field : {"open", "high", "low", "close", "volume", "trades"}) {
    fields += fmt::format(
        "SELECT instrument, interval, start, '{0}' AS field, ours.{0}::DECIMAL(38,18) AS ours, "
        "theirs.{0}::DECIMAL(38,18) AS theirs, ours.quality AS quality, interval_ns, start_ns "
        "FROM pairs WHERE theirs.{0} IS NOT NULL AND ours.{0} IS DISTINCT FROM theirs.{0} UNION "
        "ALL ",
        field);
  }
  return fmt::format(R"sql(
CREATE OR REPLACE VIEW candle_differences AS
WITH begun AS (
  SELECT instrument, interval_ns, min(start_ns) AS start_ns FROM bar_revisions GROUP BY ALL
), pairs AS (
  SELECT ours.instrument, ours.interval, ours.start, ours, theirs, ours.interval_ns, ours.start_ns
  FROM bars ours JOIN venue_candles theirs USING (instrument, interval_ns, start_ns)
), answers AS (
  SELECT i.name AS instrument, c.interval AS interval_ns, min(c.start) AS first,
    max(c.start) AS last
  FROM stored.venue_candles c JOIN stored.instruments i ON i.id = c.instrument
  GROUP BY i.name, c.interval, c.position
)
{}
SELECT theirs.instrument, theirs.interval, theirs.start, 'bar', NULL, theirs.volume, NULL,
  theirs.interval_ns, theirs.start_ns
FROM venue_candles theirs JOIN begun USING (instrument, interval_ns)
ANTI JOIN bars ours ON ours.instrument = theirs.instrument
  AND ours.interval_ns = theirs.interval_ns AND ours.start_ns = theirs.start_ns
WHERE theirs.start_ns >= begun.start_ns AND theirs.volume > 0
UNION ALL
SELECT DISTINCT ours.instrument, ours.interval, ours.start, 'candle', ours.volume,
  NULL::DECIMAL(38,18), ours.quality, ours.interval_ns, ours.start_ns
FROM bars ours JOIN answers USING (instrument, interval_ns)
ANTI JOIN venue_candles theirs ON ours.instrument = theirs.instrument
  AND ours.interval_ns = theirs.interval_ns AND ours.start_ns = theirs.start_ns
WHERE ours.start_ns BETWEEN answers.first AND answers.last;
)sql",
                     fields);
}

std::string index_views() {
  return fmt::format(
      R"sql(
CREATE OR REPLACE VIEW rejected AS SELECT
  position, ordinal, connection, make_timestamp_ns(nullif(ts_recv, 0)) AS ts_recv,
  {} AS channel, reason, detail, nullif(ts_recv, 0) AS ts_recv_ns
FROM stored.rejected;
CREATE OR REPLACE VIEW late AS SELECT
  i.name AS instrument, l.trade_id, l.last_fill, make_timestamp_ns(l.ts_event) AS ts_event,
  l.feeds_bars, l.position, l.ordinal, l.ts_event AS ts_event_ns
FROM stored.late l
JOIN stored.instruments i ON i.id = l.instrument;
CREATE OR REPLACE VIEW store AS SELECT
  schema_version, kind, format('{{:016x}}', journal) AS journal, position
FROM stored.meta;
)sql",
      channel_of("channel"));
}

}  // namespace

Result<void> make_views(duckdb_connection connection) {
  return execute(connection, "BEGIN TRANSACTION;" + trades_view() + quotes_view() + bars_views() +
                                 ledger_views() + candle_views() + listing_views() +
                                 difference_view() + reconcile_views() + index_views() + "COMMIT;");
}

}  // namespace tapeline::store::duckdb
