// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/schema.h"

#include <fmt/format.h>

#include <string_view>

#include "store/duckdb/chunk_reader.h"

namespace tapeline::store::duckdb {
namespace {

constexpr std::string_view kTables = R"sql(
BEGIN TRANSACTION;
CREATE SCHEMA stored;
CREATE TABLE stored.meta(
  schema_version UINTEGER, kind VARCHAR, journal UBIGINT, position UBIGINT, ts_recv BIGINT);
CREATE TABLE stored.instruments(id UINTEGER, name VARCHAR);
CREATE TABLE stored.trades(
  position UBIGINT, ordinal UINTEGER, instrument UINTEGER, number UBIGINT, ts_event BIGINT,
  ts_recv BIGINT, price BIGINT, size BIGINT, traits UINTEGER);
CREATE TABLE stored.trade_extras(
  position UBIGINT, ordinal UINTEGER, trade_id VARCHAR, venue_order UBIGINT, first_fill UBIGINT,
  last_fill UBIGINT, conditions UBIGINT);
CREATE TABLE stored.quotes(
  position UBIGINT, ordinal UINTEGER, instrument UINTEGER, ts_event BIGINT, ts_recv BIGINT,
  bid_price BIGINT, bid_size BIGINT, ask_price BIGINT, ask_size BIGINT, traits UINTEGER);
CREATE TABLE stored.bars(
  position UBIGINT, ordinal UINTEGER, instrument UINTEGER, interval BIGINT, start BIGINT,
  open DECIMAL(38,18), high DECIMAL(38,18), low DECIMAL(38,18), close DECIMAL(38,18),
  volume DECIMAL(38,18), buy_volume DECIMAL(38,18), notional DECIMAL(38,18), vwap DECIMAL(38,18),
  trades UBIGINT, first_id VARCHAR, last_id VARCHAR, state UTINYINT, quality UTINYINT,
  revision UINTEGER, cause UTINYINT);
CREATE TABLE stored.rejected(
  position UBIGINT, ordinal UINTEGER, connection UINTEGER, ts_recv BIGINT, channel UTINYINT,
  reason VARCHAR, detail VARCHAR);
CREATE TABLE stored.late(
  position UBIGINT, ordinal UINTEGER, instrument UINTEGER, trade_id VARCHAR, last_fill UBIGINT,
  ts_event BIGINT, feeds_bars BOOLEAN);
CREATE TABLE stored.coverage(
  instrument UINTEGER, channel UTINYINT, from_id UBIGINT, to_id UBIGINT, from_time BIGINT,
  to_time BIGINT, time_min BIGINT, time_max BIGINT, repaired UBIGINT);
CREATE TABLE stored.gaps(
  instrument UINTEGER, channel UTINYINT, from_id UBIGINT, to_id UBIGINT, from_time BIGINT,
  to_time BIGINT, cause UTINYINT, state UTINYINT);
CREATE TABLE stored.venue_candles(
  position UBIGINT, ordinal UINTEGER, instrument UINTEGER, interval BIGINT, start BIGINT,
  ts_recv BIGINT, open DECIMAL(38,18), high DECIMAL(38,18), low DECIMAL(38,18),
  close DECIMAL(38,18), volume DECIMAL(38,18), trades UBIGINT);
CREATE TABLE stored.listings(
  position UBIGINT, ordinal UINTEGER, venue VARCHAR, valid_from BIGINT, symbol VARCHAR,
  canonical VARCHAR, base VARCHAR, quote VARCHAR, tick_size DECIMAL(38,18),
  lot_size DECIMAL(38,18), min_size DECIMAL(38,18), min_notional DECIMAL(38,18), status UTINYINT,
  venue_status VARCHAR);
CREATE TABLE stored.reconciliations(
  made_at BIGINT, day BIGINT, instrument VARCHAR, equal UBIGINT, different UBIGINT, gap UBIGINT,
  unknown UBIGINT, no_bar UBIGINT, no_candle UBIGINT, unanswered UBIGINT, before UBIGINT);
CREATE TABLE stored.reconciled_differences(
  made_at BIGINT, day BIGINT, instrument VARCHAR, start BIGINT, field VARCHAR,
  ours DECIMAL(38,18), theirs DECIMAL(38,18), quality VARCHAR);
INSERT INTO stored.meta VALUES ({}, '{}', NULL, NULL, NULL);
COMMIT;
)sql";

// A file that DuckDB has just made holds nothing.
Result<bool> has_tables(duckdb_connection connection) {
  std::uint64_t tables = 0;
  auto read = for_each_chunk(connection, "SELECT count(*) FROM duckdb_tables()",
                             [&](const ChunkReader& chunk) {
                               tables = static_cast<std::uint64_t>(chunk.at<std::int64_t>(0, 0));
                               return true;
                             });
  if (!read) return tl::make_unexpected(read.error());
  return tables > 0;
}

Result<bool> has_meta(duckdb_connection connection) {
  bool is_there = false;
  auto read = for_each_chunk(
      connection,
      "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'stored' AND table_name = 'meta'",
      [&](const ChunkReader& /*chunk*/) { return is_there = true; });
  if (!read) return tl::make_unexpected(read.error());
  return is_there;
}

// Before anything else of it: the rest may look different in another version.
Result<void> check_version(duckdb_connection connection) {
  std::uint32_t version = 0;
  auto read = for_each_chunk(connection, "SELECT schema_version FROM stored.meta",
                             [&](const ChunkReader& chunk) {
                               version = chunk.at<std::uint32_t>(0, 0);
                               return true;
                             });
  if (!read || version == kSchemaVersion) return read;
  if (version > kSchemaVersion) {
    return fail(Fault::kCaller,
                fmt::format("was written by a newer Tapeline (schema {}; this one knows {}); "
                            "update Tapeline, or move the store away: it is filled again from the "
                            "journal",
                            version, kSchemaVersion));
  }
  if (version > 0) {
    return fail(Fault::kCaller,
                fmt::format("was written by an older Tapeline (schema {}; this one reads {}); move "
                            "the store away: it is filled again from the journal",
                            version, kSchemaVersion));
  }
  return fail(Fault::kTheirs,
              "says no schema version; move it away: it is filled again from the "
              "journal");
}

}  // namespace

Result<std::optional<Meta>> read_meta(duckdb_connection connection) {
  const auto is_founded = has_meta(connection);
  if (!is_founded) return tl::make_unexpected(is_founded.error());
  if (!*is_founded) {
    const auto is_foreign = has_tables(connection);
    if (!is_foreign) return tl::make_unexpected(is_foreign.error());
    if (!*is_foreign) return std::nullopt;
    return fail(Fault::kCaller,
                "is a database of something else than Tapeline; move it away, or "
                "choose another --data-dir");
  }
  if (auto fine = check_version(connection); !fine) return tl::make_unexpected(fine.error());
  Meta meta;
  auto read = for_each_chunk(connection, "SELECT kind, journal, position, ts_recv FROM stored.meta",
                             [&](const ChunkReader& chunk) {
                               if (chunk.text(0, 0) == name_of(DataKind::kSimulated)) {
                                 meta.kind = DataKind::kSimulated;
                               }
                               if (!chunk.is_null(1, 0)) {
                                 meta.last_record = {{JournalId(chunk.at<std::uint64_t>(1, 0)),
                                                      chunk.at<std::uint64_t>(2, 0)},
                                                     RecvTime(chunk.at<std::int64_t>(3, 0))};
                               }
                               return true;
                             });
  if (!read) return tl::make_unexpected(read.error());
  return meta;
}

Result<void> found_store(duckdb_connection connection, DataKind kind) {
  return execute(connection, fmt::format(kTables, kSchemaVersion, name_of(kind)));
}

}  // namespace tapeline::store::duckdb
