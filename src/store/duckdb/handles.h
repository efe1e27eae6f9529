// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <duckdb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace tapeline::store::duckdb {

// The C interface's handles as owners. Only the files of this folder see them.

template <auto Destroy>
struct Destroyer {
  template <typename T>
  void operator()(T* handle) const {
    static_cast<void>(Destroy(&handle));
  }
};

template <typename Handle, auto Destroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroyer<Destroy>>;

using Config = Owned<duckdb_config, duckdb_destroy_config>;
using Instance = Owned<duckdb_database, duckdb_close>;
using Connection = Owned<duckdb_connection, duckdb_disconnect>;
using Statement = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Statements = Owned<duckdb_extracted_statements, duckdb_destroy_extracted>;
using Pending = Owned<duckdb_pending_result, duckdb_destroy_pending>;
using ChunkHandle = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using ClientContext = Owned<duckdb_client_context, duckdb_destroy_client_context>;
using TableFunction = Owned<duckdb_table_function, duckdb_destroy_table_function>;
using LogicalType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;

class QueryResult {
 public:
  QueryResult() = default;
  QueryResult(QueryResult&& other) noexcept : result_(std::exchange(other.result_, {})) {}
  QueryResult& operator=(QueryResult&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
  }
  ~QueryResult() { duckdb_destroy_result(&result_); }

  [[nodiscard]] duckdb_result* get() { return &result_; }

 private:
  duckdb_result result_{};
};

// What DuckDB said of a failure: without what only a reader of its source needs.
std::string first_line(const char* text);
// Of a reader that had to make room.
Error interrupted();
// A failure while DuckDB worked on what we asked it: whether it may be tried again by its kind.
Error failure_of(duckdb_error_type type, const char* text);
Error failure_of(QueryResult& result);

// Runs one or more statements that give no rows.
[[nodiscard]] Result<void> execute(duckdb_connection connection, const std::string& sql);
[[nodiscard]] Result<Statement> prepare_statement(duckdb_connection connection,
                                                  const std::string& sql);

// A statement that gives no rows and stands ready to run, again and again. DuckDB 1.4 keeps some
// 600 bytes of each run in the statement's plan until the statement goes (its issue 21089): so it
// is prepared anew now and then.
class Prepared {
 public:
  static constexpr unsigned kRunsMax = 256;

  Prepared() = default;
  // The connection outlives it.
  [[nodiscard]] static Result<Prepared> open(duckdb_connection connection, std::string sql);

  // To bind values for the next run.
  [[nodiscard]] duckdb_prepared_statement get() const { return statement_.get(); }
  // How many rows of a table it changed.
  [[nodiscard]] Result<std::uint64_t> run();

 private:
  Prepared(duckdb_connection connection, std::string sql, Statement statement)
      : connection_(connection), sql_(std::move(sql)), statement_(std::move(statement)) {}

  duckdb_connection connection_ = nullptr;
  std::string sql_;
  Statement statement_;
  unsigned runs_ = 0;
};

}  // namespace tapeline::store::duckdb
