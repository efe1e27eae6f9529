// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "store/commit.h"
#include "store/duckdb/append_rows.h"
#include "store/duckdb/chunk_reader.h"
#include "store/duckdb/database.h"
#include "store/duckdb/ledger_tables.h"
#include "store/duckdb/open.h"
#include "store/duckdb/reader.h"
#include "store/duckdb/record_sql.h"
#include "store/duckdb/schema.h"

namespace tapeline::store::duckdb {
namespace {

class DuckWriter final : public Writer {
 public:
  DuckWriter(std::unique_ptr<Database> database, DataKind kind)
      : database_(std::move(database)), kind_(kind) {}

  // Founds the store where there is none.
  [[nodiscard]] Result<void> begin();

  Result<void> commit(const Batch& batch, Position position) override;
  Result<void> record(const Reconciliation& found) override;
  std::optional<Position> position() const override { return position_; }
  std::unique_ptr<Reader> open_reader() override { return make_reader(*database_); }

 private:
  // What lives as long as a connection; none after a failure.
  struct Open {
    Connection connection;
    Instruments instruments;
    std::optional<RowAppenders> rows;     // uses both
    std::optional<LedgerTables> ledgers;  // uses both
    Prepared begin;
    Prepared move;  // the position
    Prepared end;
  };

  [[nodiscard]] Result<void> load(Open& open);
  [[nodiscard]] static Result<void> stand_ready(Open& open);
  [[nodiscard]] Result<void> write(Open& open, const Batch& batch, Position position);
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Result<void> settle(const Error& error, Position position);

  std::unique_ptr<Database> database_;
  DataKind kind_;
  std::unique_ptr<Open> open_;
  std::optional<Position> position_;
};

Result<void> DuckWriter::begin() {
  auto connection = database_->connect();
  if (!connection) return tl::make_unexpected(connection.error());
  auto open = std::make_unique<Open>();
  open->connection = std::move(*connection);
  if (auto loaded = load(*open); !loaded) {
    return tl::make_unexpected(loaded.error().within(database_->path()));
  }
  open_ = std::move(open);
  return {};
}

Result<void> DuckWriter::load(Open& open) {
  const duckdb_connection connection = open.connection.get();
  auto meta = read_meta(connection);
  if (!meta) return tl::make_unexpected(meta.error());
  if (!*meta) {
    if (auto founded = found_store(connection, kind_); !founded) return founded;
    *meta = Meta{.kind = kind_, .last_record = {}};
  }
  if (auto fine = check_kind((*meta)->kind, kind_); !fine) return fine;
  if (auto made = make_views(connection); !made) return made;
  if (const auto& last = (*meta)->last_record) position_ = last->position;
  auto named = for_each_chunk(connection, "SELECT name FROM stored.instruments ORDER BY id",
                              [&](const ChunkReader& chunk) {
                                for (std::size_t i = 0; i < chunk.rows(); ++i) {
                                  open.instruments.add_stored(chunk.text(0, i));
                                }
                                return true;
                              });
  return named ? stand_ready(open) : named;
}

Result<void> DuckWriter::stand_ready(Open& open) {
  const duckdb_connection connection = open.connection.get();
  auto rows = RowAppenders::open(connection, open.instruments);
  if (!rows) return tl::make_unexpected(rows.error());
  open.rows = std::move(*rows);
  auto ledgers = LedgerTables::open(connection, open.instruments);
  if (!ledgers) return tl::make_unexpected(ledgers.error());
  open.ledgers = std::move(*ledgers);
  for (const auto& [statement, sql] :
       {std::pair(&open.begin, "BEGIN TRANSACTION"),
        {&open.move, "UPDATE stored.meta SET journal = $1, position = $2, ts_recv = $3"},
        {&open.end, "COMMIT"}}) {
    auto prepared = Prepared::open(connection, sql);
    if (!prepared) return tl::make_unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

Result<void> DuckWriter::commit(const Batch& batch, Position position) {
  TAPELINE_CHECK(batch.names != nullptr || batch.empty(), "rows whose instruments have no names");
  if (!open_) {
    if (auto opened = reopen(); !opened) return opened;
  }
  if (auto fine = check_journal(position_, position); !fine) {
    return tl::make_unexpected(fine.error().within(database_->path()));
  }
  if (position_ && position <= *position_) return {};
  if (auto done = write(*open_, batch, position); !done) return settle(done.error(), position);
  open_->instruments.set_stored();
  position_ = position;
  return {};
}

Result<void> DuckWriter::write(Open& open, const Batch& batch, Position position) {
  if (auto begun = open.begin.run(); !begun) return tl::make_unexpected(begun.error());
  RowAppenders& rows = *open.rows;
  if (batch.names != nullptr) open.instruments.begin(*batch.names);
  const auto append = [&](const auto& all) {
    return rows.append(new_rows(all, position_, position));
  };
  if (auto done = append(batch.trades); !done) return done;
  if (auto done = append(batch.quotes); !done) return done;
  if (auto done = append(batch.bars); !done) return done;
  if (auto done = append(batch.rejected); !done) return done;
  if (auto done = append(batch.late); !done) return done;
  if (auto done = append(batch.candles); !done) return done;
  if (auto done = append(batch.listings); !done) return done;
  if (auto done = open.ledgers->replace(batch.ledgers); !done) return done;
  if (auto done = rows.append_instruments(); !done) return done;
  duckdb_bind_uint64(open.move.get(), 1, position.journal.value());
  duckdb_bind_uint64(open.move.get(), 2, position.ordinal);
  duckdb_bind_int64(open.move.get(), 3, batch.tick_recv.unix_ns());
  for (Prepared* last : {&open.move, &open.end}) {
    if (auto done = last->run(); !done) return tl::make_unexpected(done.error());
  }
  return {};
}

Result<void> DuckWriter::record(const Reconciliation& found) {
  TAPELINE_CHECK(position_.has_value(), "a reconciliation of what was never stored");
  if (!open_) {
    if (auto opened = reopen(); !opened) return opened;
  }
  if (auto done = execute(open_->connection.get(), record_sql(found)); !done) {
    return settle(done.error(), {position_->journal, position_->ordinal + 1});
  }
  return {};
}

// After a failure nobody knows what became of the transaction, and DuckDB may have given the
// database up: what the file says when it is opened again is what counts.
Result<void> DuckWriter::settle(const Error& error, Position position) {
  open_.reset();
  if (const auto opened = reopen(); !opened) {
    return fail(error.fault,
                fmt::format("{}: storing broke off: {}; then {}", database_->path(), error.text,
                            opened.error().text),
                Retry::kAfterBackoff);
  }
  if (position_ && *position_ >= position) return {};
  return fail(error.fault, fmt::format("{}: nothing was stored: {}", database_->path(), error.text),
              error.retry);
}

Result<void> DuckWriter::reopen() {
  if (auto opened = database_->reopen(); !opened) return opened;
  return begin();
}

}  // namespace

Result<std::unique_ptr<Writer>> open_writer(const std::string& data_dir,
                                            const WriterOptions& options) {
  auto database = Database::open(data_dir, options.limits, Access::kWrite, options.waits_for);
  if (!database) return tl::make_unexpected(database.error());
  auto writer = std::make_unique<DuckWriter>(std::move(*database), options.kind);
  if (auto begun = writer->begin(); !begun) return tl::make_unexpected(begun.error());
  return writer;
}

}  // namespace tapeline::store::duckdb
