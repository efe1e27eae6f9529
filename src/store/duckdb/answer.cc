// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/answer.h"

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "store/duckdb/chunk_reader.h"
#include "store/duckdb/memory_bound.h"
#include "store/duckdb/statement.h"
#include "store/duckdb/value_text.h"

namespace tapeline::store::duckdb {
namespace {

// DuckDB suggests the nearest of all that it has, its own tables too.
std::string without_foreign_names(std::string text) {
  constexpr std::string_view kSuggests = "Did you mean \"";
  const std::size_t begin = text.find(kSuggests);
  if (begin == std::string::npos || text.find("Table with name ") == std::string::npos) return text;
  const std::string_view name = std::string_view(text).substr(begin + kSuggests.size());
  const bool is_foreign = name.starts_with("pg_") || name.starts_with("duckdb_") ||
                          name.starts_with("sqlite_") || name.starts_with("pragma_") ||
                          name.substr(0, name.find('"')).find('.') != std::string_view::npos;
  if (!is_foreign) return text;
  return text.replace(begin, text.find('\n', begin) - begin,
                      "SHOW TABLES names those that are here");
}

// What is wrong with the question is the caller's; DuckDB shows the place in lines of their own.
tl::unexpected<Error> wrong(const char* text) {
  return fail(Fault::kCaller,
              text == nullptr ? "there is no statement" : without_foreign_names(text));
}

// DuckDB looks at an interrupt only here and there in what it computes, and one that comes before a
// step begins is forgotten: so the flag is looked at beside it, and set again until the query ends.
// What looks at none ends when it next wants much memory.
class Watch {
 public:
  Watch(duckdb_connection connection, const ShouldStop& should_stop, MemoryBound& memory)
      : memory_(memory), thread_([this, connection, &should_stop](const std::stop_token& end) {
          while (!end.stop_requested()) {
            if (is_stopped() || should_stop()) is_stopped_.store(true, std::memory_order_relaxed);
            if (is_stopped() || is_short()) {
              memory_.close();
              duckdb_interrupt(connection);
            }
            std::this_thread::sleep_for(kLook);
          }
        }) {
    ::pthread_setname_np(thread_.native_handle(), "query watch");
  }

  [[nodiscard]] bool is_stopped() const { return is_stopped_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool is_short() const { return memory_.is_reached(); }

  // What went wrong, unless it was stopped or wanted too much.
  [[nodiscard]] tl::unexpected<Error> failed(const char* text) const {
    const bool is_cut = text != nullptr && std::string_view(text).starts_with("INTERRUPT");
    if (is_stopped()) return fail(Fault::kCaller, "interrupted");
    if (!is_short()) return is_cut ? tl::make_unexpected(interrupted()) : wrong(text);
    return fail(Fault::kCaller,
                fmt::format("needs more than {} MiB of memory: ask for fewer rows, or for less "
                            "in one text or list",
                            kMemoryBytesMax >> 20));
  }

 private:
  static constexpr std::chrono::milliseconds kLook{5};

  std::atomic<bool> is_stopped_{false};
  MemoryBound& memory_;
  std::jthread thread_;
};

bool only_reads(duckdb_statement_type type) {
  return type == DUCKDB_STATEMENT_TYPE_SELECT || type == DUCKDB_STATEMENT_TYPE_EXPLAIN;
}

Result<Statement> prepare(duckdb_connection connection, const std::string& sql,
                          const Watch& watch) {
  duckdb_extracted_statements found = nullptr;
  const idx_t count = duckdb_extract_statements(connection, sql.c_str(), &found);
  const Statements statements(found);
  if (count == 0) return watch.failed(duckdb_extract_statements_error(statements.get()));
  if (count > 1) return wrong("one statement at a time");
  if (auto fine = check_statement(connection, sql); !fine) {
    if (watch.is_stopped() || watch.is_short()) return watch.failed(fine.error().text.c_str());
    return tl::make_unexpected(fine.error());
  }
  duckdb_prepared_statement prepared = nullptr;
  const auto state = duckdb_prepare_extracted_statement(connection, statements.get(), 0, &prepared);
  Statement statement(prepared);
  if (state != DuckDBSuccess) return watch.failed(duckdb_prepare_error(statement.get()));
  if (!only_reads(duckdb_prepared_statement_type(statement.get()))) {
    return wrong(kOnlyReads);
  }
  if (duckdb_nparams(statement.get()) > 0) return wrong("a value is missing: ? and $ have none");
  return statement;
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

Result<void> answer_within(const Watch& watch, duckdb_connection connection, std::string_view sql,
                           AnswerSink& sink) {
  const auto statement = prepare(connection, std::string(sql), watch);
  if (!statement) return tl::make_unexpected(statement.error());
  QueryResult result;
  if (duckdb_execute_prepared_streaming(statement->get(), result.get()) != DuckDBSuccess) {
    return watch.failed(duckdb_result_error(result.get()));
  }
  std::vector<Column> columns;
  std::vector<ValueText> texts;
  for (idx_t c = 0; c < duckdb_column_count(result.get()); ++c) {
    const char* name = duckdb_column_name(result.get(), c);
    const LogicalType type(duckdb_column_logical_type(result.get(), c));
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
    if (watch.is_stopped()) return watch.failed(nullptr);
    const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk) break;
    const ChunkReader reader(chunk.get());
    if (reader.rows() == 0) break;
    if (!say_rows(reader, texts, sink)) return {};
  }
  if (const char* error = duckdb_result_error(result.get()); error != nullptr) {
    return watch.failed(error);
  }
  if (watch.is_short()) return watch.failed(nullptr);
  return {};
}

}  // namespace

Result<void> answer(duckdb_connection connection, std::string_view sql, AnswerSink& sink,
                    const ShouldStop& should_stop) {
  MemoryBound memory(kMemoryBytesMax);
  const Watch watch(connection, should_stop, memory);
  try {
    return answer_within(watch, connection, sql, sink);
  } catch (const std::bad_alloc&) {
    // Of our own making: a value as text may be as large as the value.
    return watch.failed("too little memory");
  }
}

}  // namespace tapeline::store::duckdb
