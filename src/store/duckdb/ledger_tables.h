// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "model/coverage.h"
#include "store/duckdb/instruments.h"
#include "store/duckdb/intake.h"
#include "store/reader.h"

namespace tapeline::store::duckdb {

// Says the stored ledgers that the condition holds for, by the instrument's name and the channel.
// Their instruments are the store's numbers.
[[nodiscard]] Result<void> read_ledgers(duckdb_connection connection, std::string_view condition,
                                        const OnRow<LedgerRow>& on_row);

// The tables of the ledgers, within the connection's transaction. Holds nothing of them: however
// many holes there are, a commit brings what changed, mostly the newest run of each, which has
// become longer. Lives as long as the connection; after a failure it is of no use any more.
class LedgerTables {
 public:
  // Outside a transaction. `instruments` outlives it.
  [[nodiscard]] static Result<LedgerTables> open(duckdb_connection connection,
                                                 Instruments& instruments);

  // What is stored of these ledgers gives way.
  [[nodiscard]] Result<void> replace(std::span<const LedgerRow> ledgers);

 private:
  struct Table {
    Intake gone;   // takes spans of ids
    Intake added;  // takes rows
  };

  LedgerTables(Table coverage, Table gaps, Instruments& instruments)
      : coverage_(std::move(coverage)), gaps_(std::move(gaps)), instruments_(&instruments) {}

  [[nodiscard]] static Result<Table> open_table(duckdb_connection connection,
                                                std::string_view name);

  Table coverage_;
  Table gaps_;
  Instruments* instruments_;
};

}  // namespace tapeline::store::duckdb
