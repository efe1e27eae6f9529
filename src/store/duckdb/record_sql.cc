// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/record_sql.h"

#include <fmt/format.h>

#include <optional>

#include "store/row_values.h"

namespace tapeline::store::duckdb {
namespace {

std::string decimal(const std::optional<std::string>& text) {
  return text ? sql_text(*text) + "::DECIMAL(38,18)" : "NULL";
}

std::int64_t day_of(EventTime time) {
  return time.unix_ns() - time.unix_ns() % kReconciledDay.count();
}

}  // namespace

std::string record_sql(const Reconciliation& found) {
  const std::int64_t made_at = found.made_at.unix_ns();
  std::string sql = "BEGIN TRANSACTION;";
  for (const ReconciledDay& day : found.days) {
    sql += fmt::format(
        "INSERT INTO stored.reconciliations VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});",
        made_at, day.day.unix_ns(), sql_text(day.instrument), day.equal, day.different, day.gap,
        day.unknown, day.no_bar, day.no_candle, day.unanswered, day.before);
  }
  for (const ReconciledDifference& its : found.differences) {
    sql += fmt::format(
        "INSERT INTO stored.reconciled_differences VALUES ({}, {}, {}, {}, {}, {}, {}, {});",
        made_at, day_of(its.start), sql_text(its.instrument), its.start.unix_ns(),
        sql_text(its.field), decimal(its.ours), decimal(its.theirs),
        its.quality.empty() ? "NULL" : sql_text(its.quality));
  }
  return sql + "COMMIT;";
}

}  // namespace tapeline::store::duckdb
