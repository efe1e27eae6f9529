// SPDX-License-Identifier: Apache-2.0
// Changes a store behind Tapeline's back, for the test of verify: `change_store STORE.duckdb SQL`.
// Fails unless exactly one row was changed.
#include <duckdb.h>
#include <fmt/core.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: change_store STORE.duckdb SQL\n");
    return 2;
  }
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_result result{};
  if (duckdb_open(argv[1], &database) != DuckDBSuccess ||
      duckdb_connect(database, &connection) != DuckDBSuccess) {
    fmt::print(stderr, "{}: cannot be opened\n", argv[1]);
    return 1;
  }
  const bool is_done = duckdb_query(connection, argv[2], &result) == DuckDBSuccess;
  const idx_t rows = is_done ? duckdb_rows_changed(&result) : 0;
  if (!is_done) {
    fmt::print(stderr, "{}\n", duckdb_result_error(&result));
  } else if (rows != 1) {
    fmt::print(stderr, "{} rows changed\n", rows);
  }
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  return is_done && rows == 1 ? 0 : 1;
}
