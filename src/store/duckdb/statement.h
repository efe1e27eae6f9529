// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

inline constexpr const char* kOnlyReads =
    "only statements that read are answered: SELECT, DESCRIBE, SHOW, SUMMARIZE, and EXPLAIN of one "
    "of them";

// Looks at one statement of a reader before DuckDB prepares it, which may already compute: whether
// it does nothing but read, and calls nothing that is known not to be told to stop (a search of
// long text in far longer text is none of these, and goes on until the process ends). An Error of
// the caller says what is wrong; one of ours, what DuckDB said instead of showing its tree.
[[nodiscard]] Result<void> check_statement(duckdb_connection connection, const std::string& sql);

}  // namespace tapeline::store::duckdb
