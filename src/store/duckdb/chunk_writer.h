// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/int128.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// Writes the values of one chunk of rows, column by column, into DuckDB's own vectors.
class ChunkWriter {
 public:
  static constexpr std::size_t kRowsMax = 2'048;

  // The chunk outlives it.
  explicit ChunkWriter(duckdb_data_chunk chunk) : chunk_(chunk) {}

  // Where the values of a column go, at most kRowsMax. Only of the type that the column has in
  // memory.
  template <typename T>
  [[nodiscard]] T* column(std::size_t column) {
    return static_cast<T*>(duckdb_vector_get_data(vector(column)));
  }
  void set_int128(std::size_t column, std::size_t row, Int128 value) {
    this->column<duckdb_hugeint>(column)[row] = {static_cast<std::uint64_t>(value),
                                                 static_cast<std::int64_t>(value >> 64)};
  }
  void set_text(std::size_t column, std::size_t row, std::string_view text) {
    duckdb_vector_assign_string_element_len(vector(column), row, text.data(), text.size());
  }
  void set_null(std::size_t column, std::size_t row) {
    duckdb_vector_ensure_validity_writable(vector(column));
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector(column)), row);
  }

 private:
  [[nodiscard]] duckdb_vector vector(std::size_t column) const {
    return duckdb_data_chunk_get_vector(chunk_, column);
  }

  duckdb_data_chunk chunk_;
};

}  // namespace tapeline::store::duckdb
