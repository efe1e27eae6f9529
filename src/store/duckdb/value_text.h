// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "store/answer.h"
#include "store/duckdb/chunk_reader.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// How the values of one column of an answer become text: exact, and as every other command writes
// them.
class ValueText {
 public:
  // None for a type that has no plain text: lists, structs, and what nobody selects from a store.
  [[nodiscard]] static std::optional<ValueText> of(duckdb_logical_type type);

  [[nodiscard]] ColumnType type() const { return type_; }
  // Of a value that is not absent.
  void append(std::string& out, const ChunkReader& chunk, std::size_t column,
              std::size_t row) const;

 private:
  duckdb_type stored_ = DUCKDB_TYPE_INVALID;  // the type that the values have in memory
  duckdb_type logical_ = DUCKDB_TYPE_INVALID;
  std::uint8_t scale_ = 0;  // of a DECIMAL
  ColumnType type_ = ColumnType::kText;
};

}  // namespace tapeline::store::duckdb
