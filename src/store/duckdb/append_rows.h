// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/duckdb/instruments.h"
#include "store/duckdb/intake.h"
#include "store/rows.h"

namespace tapeline::store::duckdb {

// Turns rows into those of the tables, within the connection's transaction. Lives as long as the
// connection; after a failure it is of no use any more.
class RowAppenders {
 public:
  // Outside a transaction. `instruments` outlives it.
  [[nodiscard]] static Result<RowAppenders> open(duckdb_connection connection,
                                                 Instruments& instruments);

  [[nodiscard]] Result<void> append(std::span<const TradeRow> rows);
  [[nodiscard]] Result<void> append(std::span<const QuoteRow> rows);
  [[nodiscard]] Result<void> append(std::span<const BarRow> rows);
  [[nodiscard]] Result<void> append(std::span<const RejectedRow> rows);
  [[nodiscard]] Result<void> append(std::span<const LateRow> rows);
  [[nodiscard]] Result<void> append(std::span<const CandleRow> rows);
  [[nodiscard]] Result<void> append(std::span<const ListingRow> rows);
  // The instruments that came with the rows.
  [[nodiscard]] Result<void> append_instruments();

 private:
  enum Table : std::size_t;

  RowAppenders(std::vector<Intake> tables, Instruments& instruments)
      : tables_(std::move(tables)), instruments_(&instruments) {}

  // Calls fill(to, rows) with the rows of one chunk after the other.
  template <typename Row, typename Fill>
  [[nodiscard]] Result<void> append_all(Table table, std::span<const Row> rows, Fill fill);
  [[nodiscard]] Result<void> append_extras(std::span<const TradeRow> rows);

  std::vector<Intake> tables_;
  Instruments* instruments_;
};

}  // namespace tapeline::store::duckdb
