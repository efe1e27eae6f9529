// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "app/live/answer_writer.h"
#include "app/live/question.h"
#include "base/clock.h"
#include "store/reader.h"

namespace tapeline::app::live {

// A statement, and how its answer is written.
struct SqlQuestion {
  static constexpr std::uint64_t kTableRows = 1000;  // unless a limit says otherwise

  std::string sql{};
  AnswerFormat format = AnswerFormat::kTable;
  std::optional<std::uint64_t> limit{};  // rows; none: kTableRows of a table, else all
  std::optional<Duration> timeout{};     // none: whoever answers has its own
};

// As it goes over the socket, and back; nothing where it is none.
Question question_of(const SqlQuestion& sql);
std::optional<SqlQuestion> sql_question_of(const Question& question);

// Answers it into `write`; the Answer's own `out` stays empty. A mistake in the statement is status
// 2, with DuckDB's words; a time that is up, or no room for all rows, is 1.
Answer answer_sql(store::Reader& store, const SqlQuestion& question, const Clock& clock,
                  const std::function<bool()>& is_stopped, const WriteText& write);

// The same for the socket: the rows are the Answer's `out`, at most kSocketBytesMax of them, and a
// statement has kSocketTimeout unless it says otherwise.
constexpr std::size_t kSocketBytesMax = std::size_t{64} << 20;
constexpr Duration kSocketTimeout = std::chrono::minutes(1);
Answer answer_sql_whole(store::Reader& store, const Question& question, const Clock& clock,
                        const std::function<bool()>& is_stopped);

}  // namespace tapeline::app::live
