// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "store/duckdb/chunk_writer.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// A statement that takes rows of ours, planned once: it reads them as a table function, straight
// from where they stand. DuckDB's appender plans one anew for each flush, which costs a small
// commit more than all the rest of it.
class Intake {
 public:
  // Writes the next rows, at most ChunkWriter::kRowsMax; how many, 0: there are no more.
  using Fill = std::function<std::size_t(ChunkWriter& to)>;

  struct Options {
    std::string name;       // of the table function, the database's only one
    std::string columns;    // a SELECT whose columns are those of the rows
    std::string statement;  // reads from NAME()
  };

  // Outside a transaction, once for each instance of the database. The function stays known to the
  // database, but gives rows to this connection alone.
  [[nodiscard]] static Result<Intake> open(duckdb_connection connection, const Options& options);

  // One that appends to the table of that name.
  [[nodiscard]] static Result<Intake> open_insert(duckdb_connection connection,
                                                  std::string_view table);

  // Runs the statement within the connection's transaction; how many rows of a table it changed.
  [[nodiscard]] Result<std::uint64_t> take(const Fill& fill);
  // The same with rows that stand in one place, if any: fill(to, part) writes those of one chunk.
  template <typename Row, typename FillPart>
  [[nodiscard]] Result<std::uint64_t> take_all(std::span<const Row> rows, FillPart fill) {
    if (rows.empty()) return 0;
    return take([&](ChunkWriter& to) {
      const auto part = rows.first(std::min(rows.size(), ChunkWriter::kRowsMax));
      rows = rows.subspan(part.size());
      if (!part.empty()) fill(to, part);
      return part.size();
    });
  }

 private:
  struct Offer;  // the database's, until it is closed
  class Function;

  Intake(Offer& offer, Prepared statement) : offer_(&offer), statement_(std::move(statement)) {}

  Offer* offer_;
  Prepared statement_;
};

}  // namespace tapeline::store::duckdb
