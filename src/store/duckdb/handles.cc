// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {
namespace {

// A full disk and too little memory pass. After a fatal one the database has to be opened again,
// which commit() does.
bool may_pass(duckdb_error_type type) {
  return type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_OUT_OF_MEMORY ||
         type == DUCKDB_ERROR_FATAL;
}

Result<std::uint64_t> run_once(const Statement& statement) {
  QueryResult result;
  if (duckdb_execute_prepared(statement.get(), result.get()) != DuckDBSuccess) {
    return tl::make_unexpected(failure_of(result));
  }
  return duckdb_rows_changed(result.get());
}

}  // namespace

std::string first_line(const char* text) {
  const std::string_view all = text == nullptr ? "it does not say why" : text;
  return std::string(all.substr(0, all.find('\n')));
}

Error interrupted() {
  return {Fault::kOurs, Retry::kAfterBackoff,
          "was interrupted: the store is closed, or opened again after a failure; ask again"};
}

Error failure_of(duckdb_error_type type, const char* text) {
  if (type == DUCKDB_ERROR_INTERRUPT) return interrupted();
  return {Fault::kOurs, may_pass(type) ? Retry::kAfterBackoff : Retry::kNever, first_line(text)};
}

Error failure_of(QueryResult& result) {
  return failure_of(duckdb_result_error_type(result.get()), duckdb_result_error(result.get()));
}

Result<void> execute(duckdb_connection connection, const std::string& sql) {
  QueryResult result;
  if (duckdb_query(connection, sql.c_str(), result.get()) == DuckDBSuccess) return {};
  return tl::make_unexpected(failure_of(result));
}

Result<Statement> prepare_statement(duckdb_connection connection, const std::string& sql) {
  duckdb_prepared_statement prepared = nullptr;
  const auto state = duckdb_prepare(connection, sql.c_str(), &prepared);
  Statement statement(prepared);
  if (state == DuckDBSuccess) return statement;
  return tl::make_unexpected(
      failure_of(DUCKDB_ERROR_INVALID, duckdb_prepare_error(statement.get())));
}

Result<Prepared> Prepared::open(duckdb_connection connection, std::string sql) {
  auto statement = prepare_statement(connection, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  return Prepared(connection, std::move(sql), std::move(*statement));
}

Result<std::uint64_t> Prepared::run() {
  auto changed = run_once(statement_);
  if (!changed || ++runs_ < kRunsMax) return changed;
  // Where that fails the old one does, and the next run tries again.
  if (auto fresh = prepare_statement(connection_, sql_)) {
    statement_ = std::move(*fresh);
    runs_ = 0;
  }
  return changed;
}

}  // namespace tapeline::store::duckdb
