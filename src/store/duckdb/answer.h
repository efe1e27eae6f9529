// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "store/answer.h"
#include "store/duckdb/handles.h"
#include "store/reader.h"

namespace tapeline::store::duckdb {

// By how much a statement may let the process grow: what the database may hold of its files, and as
// much again for what DuckDB computes beside them.
inline constexpr std::size_t kMemoryBytesMax = std::size_t{512} << 20;

// Answers one statement that only reads, within the connection's transaction, which is read-only.
[[nodiscard]] Result<void> answer(duckdb_connection connection, std::string_view sql,
                                  AnswerSink& sink, const ShouldStop& should_stop);

}  // namespace tapeline::store::duckdb
