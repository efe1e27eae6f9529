// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/answer.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "store/duckdb/chunk_reader.h"
#include "store/duckdb/value_text.h"

namespace tapeline::store::duckdb {
namespace {

// What is wrong with the question is the caller's; DuckDB shows the place in lines of their own.
tl::unexpected<Error> wrong(const char* text) {
  return fail(Fault::kCaller, text == nullptr ? "there is no statement" : text);
}

tl::unexpected<Error> interrupted() { return fail(Fault::kCaller, "interrupted"); }

bool only_reads(duckdb_statement_type type) {
  return type == DUCKDB_STATEMENT_TYPE_SELECT || type == DUCKDB_STATEMENT_TYPE_EXPLAIN;
}

Result<Statement> prepare(duckdb_connection connection, std::string_view sql) {
  duckdb_extracted_statements found = nullptr;
  const idx_t count = duckdb_extract_statements(connection, std::string(sql).c_str(), &found);
  const Statements statements(found);
  if (count == 0) return wrong(duckdb_extract_statements_error(statements.get()));
  if (count > 1) return wrong("one statement at a time");
  duckdb_prepared_statement prepared = nullptr;
  const auto state = duckdb_prepare_extracted_statement(connection, statements.get(), 0, &prepared);
  Statement statement(prepared);
  if (state != DuckDBSuccess) return wrong(duckdb_prepare_error(statement.get()));
  if (!only_reads(duckdb_prepared_statement_type(statement.get()))) {
    return wrong(
        "only statements that read are answered: SELECT, DESCRIBE, SHOW, SUMMARIZE and "
        "EXPLAIN");
  }
  if (duckdb_nparams(statement.get()) > 0) return wrong("a value is missing: ? and $ have none");
  return statement;
}

// Computes until the first rows are there, looking at `stop` now and then.
Result<QueryResult> run(duckdb_prepared_statement statement, const std::atomic<bool>& stop) {
  duckdb_pending_result made = nullptr;
  const auto state = duckdb_pending_prepared_streaming(statement, &made);
  const Pending pending(made);
  if (state != DuckDBSuccess) return wrong(duckdb_pending_error(pending.get()));
  for (;;) {
    if (stop.load(std::memory_order_relaxed)) return interrupted();
    const auto now = duckdb_pending_execute_task(pending.get());
    if (now == DUCKDB_PENDING_ERROR) return wrong(duckdb_pending_error(pending.get()));
    if (duckdb_pending_execution_is_finished(now)) break;
  }
  QueryResult result;
  if (duckdb_execute_pending(pending.get(), result.get()) != DuckDBSuccess) {
    return wrong(duckdb_result_error(result.get()));
  }
  return result;
}

// Says the rows of a chunk; false when the sink has enough.
bool say_rows(const ChunkReader& chunk, const std::vector<ValueText>& texts, AnswerSink& sink) {
  std::vector<Value> row(texts.size());
  std::vector<std::string> held(texts.size());  // reused from row to row
  for (std::size_t i = 0; i < chunk.rows(); ++i) {
    for (std::size_t c = 0; c < texts.size(); ++c) {
      held[c].clear();
      const bool is_null = chunk.is_null(c, i);
      if (!is_null) texts[c].append(held[c], chunk, c, i);
      row[c] = {held[c], is_null};
    }
    if (!sink.on_row(row)) return false;
  }
  return true;
}

}  // namespace

Result<void> answer(duckdb_connection connection, std::string_view sql, AnswerSink& sink,
                    const std::atomic<bool>& stop) {
  const auto statement = prepare(connection, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  auto result = run(statement->get(), stop);
  if (!result) return tl::make_unexpected(result.error());
  std::vector<Column> columns;
  std::vector<ValueText> texts;
  for (idx_t c = 0; c < duckdb_column_count(result->get()); ++c) {
    const char* name = duckdb_column_name(result->get(), c);
    const LogicalType type(duckdb_column_logical_type(result->get(), c));
    const auto text = ValueText::of(type.get());
    if (!text) {
      return fail(Fault::kCaller,
                  fmt::format("column {} ({}) is of a type that has no plain text here; say "
                              "CAST(... AS VARCHAR)",
                              c + 1, name));
    }
    columns.push_back({name, text->type()});
    texts.push_back(*text);
  }
  sink.on_columns(columns);
  for (;;) {
    if (stop.load(std::memory_order_relaxed)) return interrupted();
    const ChunkHandle chunk(duckdb_fetch_chunk(*result->get()));
    if (!chunk) break;
    const ChunkReader reader(chunk.get());
    if (reader.rows() == 0) break;
    if (!say_rows(reader, texts, sink)) return {};
  }
  if (const char* error = duckdb_result_error(result->get()); error != nullptr) return wrong(error);
  return {};
}

}  // namespace tapeline::store::duckdb
