// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "base/result.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// Appends rows to one table, a chunk of kChunkRows at a time, written column by column into
// DuckDB's own vectors.
class Appender {
 public:
  static constexpr std::size_t kChunkRows = 2'048;

  // `schema` and `table` are ours. A temporary table has the schema "temp".
  [[nodiscard]] static Result<Appender> open(duckdb_connection connection, std::string_view schema,
                                             std::string_view table);

  // Where the chunk's values of a column go, at most kChunkRows. Only of the type that the column
  // has in memory.
  template <typename T>
  [[nodiscard]] T* column(std::size_t column) {
    return static_cast<T*>(duckdb_vector_get_data(vector(column)));
  }
  void set_int128(std::size_t column, std::size_t row, Int128 value);
  void set_text(std::size_t column, std::size_t row, std::string_view text);
  void set_null(std::size_t column, std::size_t row);

  // Takes the chunk's first rows, and begins the next.
  [[nodiscard]] Result<void> append(std::size_t rows);
  // Everything appended is part of the connection's transaction.
  [[nodiscard]] Result<void> flush();

 private:
  Appender(AppenderHandle appender, ChunkHandle chunk)
      : appender_(std::move(appender)), chunk_(std::move(chunk)) {}

  [[nodiscard]] duckdb_vector vector(std::size_t column) const {
    return duckdb_data_chunk_get_vector(chunk_.get(), column);
  }

  AppenderHandle appender_;
  ChunkHandle chunk_;
};

}  // namespace tapeline::store::duckdb
