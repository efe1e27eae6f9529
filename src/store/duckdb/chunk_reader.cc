// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/chunk_reader.h"

#include <cstring>

namespace tapeline::store::duckdb {

ChunkReader::ChunkReader(duckdb_data_chunk chunk)
    : rows_(duckdb_data_chunk_get_size(chunk)),
      columns_(duckdb_data_chunk_get_column_count(chunk)) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
    columns_[c] = {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
  }
}

Int128 ChunkReader::int128(std::size_t column, std::size_t row) const {
  const auto& value = at<duckdb_hugeint>(column, row);
  return static_cast<Int128>(value.upper) << 64 | value.lower;
}

std::string_view ChunkReader::text(std::size_t column, std::size_t row) const {
  const auto& text = at<duckdb_string_t>(column, row);
  constexpr std::uint32_t kInlinedMax = sizeof(text.value.inlined.inlined);
  const std::uint32_t length = text.value.inlined.length;
  return {length <= kInlinedMax ? text.value.inlined.inlined : text.value.pointer.ptr, length};
}

Result<void> for_each_chunk(duckdb_connection connection, const std::string& sql,
                            const OnChunk& on_chunk) {
  const auto statement = prepare_statement(connection, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  QueryResult result;
  if (duckdb_execute_prepared_streaming(statement->get(), result.get()) != DuckDBSuccess) {
    return tl::make_unexpected(failure_of(result));
  }
  for (;;) {
    const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk) break;
    const ChunkReader reader(chunk.get());
    if (reader.rows() == 0) break;
    if (!on_chunk(reader)) return {};
  }
  if (duckdb_result_error(result.get()) != nullptr) return tl::make_unexpected(failure_of(result));
  return {};
}

}  // namespace tapeline::store::duckdb
