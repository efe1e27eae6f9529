// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "store/duckdb/appender.h"
#include "store/duckdb/instruments.h"
#include "store/rows.h"

namespace tapeline::store::duckdb {

// Turns rows into those of the tables, within the connection's transaction. The appenders stay open
// from one transaction to the next; after a failure they are of no use any more.
class RowAppenders {
 public:
  RowAppenders(duckdb_connection connection, Instruments& instruments)
      : connection_(connection), instruments_(instruments) {}

  [[nodiscard]] Result<void> append(std::span<const TradeRow> rows);
  [[nodiscard]] Result<void> append(std::span<const QuoteRow> rows);
  [[nodiscard]] Result<void> append(std::span<const BarRow> rows);
  [[nodiscard]] Result<void> append(std::span<const RejectedRow> rows);
  [[nodiscard]] Result<void> append(std::span<const LateRow> rows);
  // What is stored of these ledgers gives way, as far as it differs.
  [[nodiscard]] Result<void> replace(std::span<const LedgerRow> ledgers);
  // The instruments that came with the rows.
  [[nodiscard]] Result<void> append_instruments();

 private:
  // The appender of a table of the store, opened when it is first needed.
  struct Table {
    std::string_view name;
    std::optional<Appender> appender{};
  };

  [[nodiscard]] Result<void> open(Table& table);
  // Calls fill(appender, rows) with the rows of one chunk after the other.
  template <typename Row, typename Fill>
  [[nodiscard]] Result<void> append_all(Table& table, std::span<const Row> rows, Fill fill);
  [[nodiscard]] Result<void> append_extras(std::span<const TradeRow> rows);

  duckdb_connection connection_;
  Instruments& instruments_;
  Table instrument_names_{"instruments"};
  Table trades_{"trades"};
  Table extras_{"trade_extras"};
  Table quotes_{"quotes"};
  Table bars_{"bars"};
  Table rejected_{"rejected"};
  Table late_{"late"};
};

}  // namespace tapeline::store::duckdb
