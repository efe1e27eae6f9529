// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string_view>

#include "base/result.h"
#include "store/answer.h"
#include "store/duckdb/handles.h"

namespace tapeline::store::duckdb {

// Answers one statement that only reads, within the connection's transaction.
[[nodiscard]] Result<void> answer(duckdb_connection connection, std::string_view sql,
                                  AnswerSink& sink, const std::atomic<bool>& stop);

}  // namespace tapeline::store::duckdb
