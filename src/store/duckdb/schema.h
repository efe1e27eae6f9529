// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/record_mark.h"
#include "base/result.h"
#include "store/duckdb/handles.h"
#include "store/writer.h"

namespace tapeline::store::duckdb {

// The tables stand in the schema `stored`, compact; the views that people query stand in `main` and
// are made anew by each writer, so that they always are those of its program. docs/formats/store.md
// describes both.
inline constexpr std::uint32_t kSchemaVersion = 3;

struct Meta {
  DataKind kind = DataKind::kReal;
  std::optional<RecordMark> last_record;
};

// Of a store that this program can read; none where nothing was founded yet. What is no store, or a
// newer one, is an Error.
[[nodiscard]] Result<std::optional<Meta>> read_meta(duckdb_connection connection);

// Makes the tables, in one transaction.
[[nodiscard]] Result<void> found_store(duckdb_connection connection, DataKind kind);

[[nodiscard]] Result<void> make_views(duckdb_connection connection);
// Of these, those that hold bars against the venue's candles.
std::string reconcile_views();

}  // namespace tapeline::store::duckdb
