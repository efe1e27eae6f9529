// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "store/answer.h"
#include "store/duckdb/handles.h"
#include "store/reader.h"

namespace tapeline::store::duckdb {

// Answers one statement that only reads, within the connection's transaction, which is read-only.
[[nodiscard]] Result<void> answer(duckdb_connection connection, std::string_view sql,
                                  AnswerSink& sink, const ShouldStop& should_stop);

}  // namespace tapeline::store::duckdb
