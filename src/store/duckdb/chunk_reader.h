// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "base/result.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// The values of one chunk of a result, by column and row.
class ChunkReader {
 public:
  explicit ChunkReader(duckdb_data_chunk chunk);

  [[nodiscard]] std::size_t rows() const { return rows_; }

  // Only of the type that the column has in memory.
  template <typename T>
  [[nodiscard]] const T& at(std::size_t column, std::size_t row) const {
    return static_cast<const T*>(columns_[column].data)[row];
  }
  [[nodiscard]] bool is_null(std::size_t column, std::size_t row) const {
    const std::uint64_t* valid = columns_[column].valid;
    return valid != nullptr && (valid[row / 64] >> (row % 64) & 1) == 0;
  }
  // Of a HUGEINT, or a DECIMAL of more than 18 digits.
  [[nodiscard]] Int128 int128(std::size_t column, std::size_t row) const;
  // Lives as long as the chunk.
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;

 private:
  struct Column {
    const void* data = nullptr;
    const std::uint64_t* valid = nullptr;  // none: no value is absent
  };

  std::size_t rows_;
  std::vector<Column> columns_;
};

// Passes the chunks of a result on as they come; false ends it.
using OnChunk = std::function<bool(const ChunkReader&)>;
[[nodiscard]] Result<void> for_each_chunk(duckdb_connection connection, const std::string& sql,
                                          const OnChunk& on_chunk);

}  // namespace tapeline::store::duckdb
