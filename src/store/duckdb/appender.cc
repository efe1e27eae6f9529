// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/appender.h"

#include <string>

namespace tapeline::store::duckdb {

Result<Appender> Appender::open(duckdb_connection connection, std::string_view schema,
                                std::string_view table) {
  duckdb_appender made = nullptr;
  const std::string schema_name(schema);
  const std::string table_name(table);
  const bool is_temporary = schema == "temp";
  const auto state = duckdb_appender_create_ext(connection, is_temporary ? "temp" : nullptr,
                                                is_temporary ? "main" : schema_name.c_str(),
                                                table_name.c_str(), &made);
  AppenderHandle appender(made);
  if (state != DuckDBSuccess) {
    return tl::make_unexpected(failure_of(appender.get()).within(table));
  }
  std::vector<LogicalType> types;
  std::vector<duckdb_logical_type> plain;
  for (idx_t c = 0; c < duckdb_appender_column_count(appender.get()); ++c) {
    types.emplace_back(duckdb_appender_column_type(appender.get(), c));
    plain.push_back(types.back().get());
  }
  ChunkHandle chunk(duckdb_create_data_chunk(plain.data(), plain.size()));
  return Appender(std::move(appender), std::move(chunk));
}

void Appender::set_int128(std::size_t at, std::size_t row, Int128 value) {
  column<duckdb_hugeint>(at)[row] = {static_cast<std::uint64_t>(value),
                                     static_cast<std::int64_t>(value >> 64)};
}

void Appender::set_text(std::size_t at, std::size_t row, std::string_view text) {
  duckdb_vector_assign_string_element_len(vector(at), row, text.data(), text.size());
}

void Appender::set_null(std::size_t at, std::size_t row) {
  duckdb_vector_ensure_validity_writable(vector(at));
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector(at)), row);
}

Result<void> Appender::append(std::size_t rows) {
  duckdb_data_chunk_set_size(chunk_.get(), rows);
  const auto state = duckdb_append_data_chunk(appender_.get(), chunk_.get());
  duckdb_data_chunk_reset(chunk_.get());
  if (state != DuckDBSuccess) return tl::make_unexpected(failure_of(appender_.get()));
  return {};
}

Result<void> Appender::flush() {
  if (duckdb_appender_flush(appender_.get()) == DuckDBSuccess) return {};
  return tl::make_unexpected(failure_of(appender_.get()));
}

}  // namespace tapeline::store::duckdb
