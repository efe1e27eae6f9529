// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "store/duckdb/append_rows.h"

namespace tapeline::store::duckdb {
namespace {

// What a commit says of some ledgers goes into temporary tables first, and from there what is new
// takes the place of what is gone: mostly the newest run of each has become longer.
constexpr const char* kStage = R"sql(
CREATE OR REPLACE TEMP TABLE staged_ledgers(instrument UINTEGER, channel UTINYINT);
CREATE OR REPLACE TEMP TABLE staged_coverage AS FROM stored.coverage LIMIT 0;
CREATE OR REPLACE TEMP TABLE staged_gaps AS FROM stored.gaps LIMIT 0;
)sql";

std::string replace_sql(std::string_view table) {
  return fmt::format(R"sql(
DELETE FROM stored.{0} AS old USING staged_ledgers l
WHERE old.instrument = l.instrument AND old.channel = l.channel
  AND old NOT IN (SELECT staged FROM staged_{0} AS staged);
INSERT INTO stored.{0} FROM staged_{0} EXCEPT FROM stored.{0};
)sql",
                     table);
}

constexpr const char* kUnstage = R"sql(
DROP TABLE staged_ledgers;
DROP TABLE staged_coverage;
DROP TABLE staged_gaps;
)sql";

// Hands rows on to an appender one at a time.
class RowByRow {
 public:
  [[nodiscard]] static Result<RowByRow> open(duckdb_connection connection, std::string_view table) {
    auto to = Appender::open(connection, "temp", table);
    if (!to) return tl::make_unexpected(to.error());
    return RowByRow(std::move(*to));
  }

  template <typename T>
  void set(std::size_t column, T value) {
    to_.column<T>(column)[row_] = value;
  }
  [[nodiscard]] Result<void> end_row() {
    if (++row_ < Appender::kChunkRows) return {};
    row_ = 0;
    return to_.append(Appender::kChunkRows);
  }
  [[nodiscard]] Result<void> finish() {
    if (auto done = to_.append(row_); !done) return done;
    return to_.flush();
  }

 private:
  explicit RowByRow(Appender to) : to_(std::move(to)) {}

  Appender to_;
  std::size_t row_ = 0;
};

struct Staged {
  RowByRow ledgers;
  RowByRow coverage;
  RowByRow gaps;
};

Result<void> stage(Staged& to, const LedgerRow& ledger, std::uint32_t instrument) {
  const auto begin_row = [&](RowByRow& row) {
    row.set(0, instrument);
    row.set(1, static_cast<std::uint8_t>(ledger.channel));
  };
  begin_row(to.ledgers);
  if (auto done = to.ledgers.end_row(); !done) return done;
  for (const IdRun& run : ledger.runs) {
    begin_row(to.coverage);
    to.coverage.set(2, run.first);
    to.coverage.set(3, run.last);
    to.coverage.set(4, run.first_time.unix_ns());
    to.coverage.set(5, run.last_time.unix_ns());
    to.coverage.set(6, run.time_min.unix_ns());
    to.coverage.set(7, run.time_max.unix_ns());
    if (auto done = to.coverage.end_row(); !done) return done;
  }
  for (const IdGap& gap : ledger.gaps) {
    begin_row(to.gaps);
    to.gaps.set(2, gap.first);
    to.gaps.set(3, gap.last);
    to.gaps.set(4, gap.from_time.unix_ns());
    to.gaps.set(5, gap.to_time.unix_ns());
    to.gaps.set(6, static_cast<std::uint8_t>(gap.cause));
    if (auto done = to.gaps.end_row(); !done) return done;
  }
  return {};
}

Result<Staged> open_staged(duckdb_connection connection) {
  auto ledgers = RowByRow::open(connection, "staged_ledgers");
  if (!ledgers) return tl::make_unexpected(ledgers.error());
  auto coverage = RowByRow::open(connection, "staged_coverage");
  if (!coverage) return tl::make_unexpected(coverage.error());
  auto gaps = RowByRow::open(connection, "staged_gaps");
  if (!gaps) return tl::make_unexpected(gaps.error());
  return Staged{std::move(*ledgers), std::move(*coverage), std::move(*gaps)};
}

}  // namespace

Result<void> RowAppenders::replace(std::span<const LedgerRow> ledgers) {
  if (ledgers.empty()) return {};
  if (auto made = execute(connection_, kStage); !made) return made;
  auto staged = open_staged(connection_);
  if (!staged) return tl::make_unexpected(staged.error());
  for (const LedgerRow& ledger : ledgers) {
    const std::uint32_t instrument = instruments_.of(ledger.instrument).number;
    if (auto done = stage(*staged, ledger, instrument); !done) return done;
  }
  for (RowByRow* rows : {&staged->ledgers, &staged->coverage, &staged->gaps}) {
    if (auto done = rows->finish(); !done) return done;
  }
  return execute(connection_, replace_sql("coverage") + replace_sql("gaps") + kUnstage);
}

}  // namespace tapeline::store::duckdb
