// SPDX-License-Identifier: Apache-2.0
#include "app/live/sql.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "app/environment.h"
#include "app/live/answers.h"
#include "app/values/text.h"

namespace tapeline::app::live {
namespace {

using values::grouped;

template <typename T>
std::optional<T> whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What the rows do not say of themselves.
Answer answer_of(const AnswerWriter& writer, const SqlQuestion& question) {
  Answer answer;
  if (writer.is_full()) {
    answer.status = kExitFailed;
    answer.err =
        "tapeline: sql: not all rows are here, since there is no room for such a long answer: add "
        "WHERE or LIMIT, or ask for --format csv while no process runs\n";
  } else if (writer.is_cut()) {
    answer.err =
        fmt::format("note: only the first {} rows; --limit says how many{}\n",
                    grouped(writer.rows()), question.limit ? "" : ", and --format csv gives all");
  } else if (question.format == AnswerFormat::kTable) {
    answer.err =
        fmt::format("{} {}\n", grouped(writer.rows()), writer.rows() == 1 ? "row" : "rows");
  }
  return answer;
}

}  // namespace

Question question_of(const SqlQuestion& sql) {
  Question question{"sql", {{"sql", sql.sql}, {"format", name_of(sql.format)}}};
  if (sql.limit) question.arguments.emplace_back("limit", std::to_string(*sql.limit));
  if (sql.timeout) question.arguments.emplace_back("timeout", std::to_string(sql.timeout->count()));
  return question;
}

std::optional<SqlQuestion> sql_question_of(const Question& question) {
  const auto format = answer_format_of(question.argument("format"));
  if (!format) return std::nullopt;
  SqlQuestion sql{.sql = std::string(question.argument("sql")), .format = *format};
  if (const auto text = question.argument("limit"); !text.empty()) {
    sql.limit = whole<std::uint64_t>(text);
    if (!sql.limit) return std::nullopt;
  }
  if (const auto text = question.argument("timeout"); !text.empty()) {
    const auto ns = whole<std::int64_t>(text);
    if (!ns || *ns <= 0) return std::nullopt;
    sql.timeout = Duration(*ns);
  }
  return sql;
}

Answer answer_sql(store::Reader& store, const SqlQuestion& question, const Clock& clock,
                  const std::function<bool()>& is_stopped, const WriteText& write) {
  const bool is_table = question.format == AnswerFormat::kTable;
  const std::uint64_t limit = question.limit.value_or(
      is_table ? SqlQuestion::kTableRows : std::numeric_limits<std::uint64_t>::max());
  const auto writer = AnswerWriter::make(question.format, limit, write);
  const std::int64_t start_ns = clock.monotonic_ns();
  const auto is_time_up = [&] {
    return question.timeout && clock.monotonic_ns() - start_ns > question.timeout->count();
  };
  const auto done =
      store.query(question.sql, *writer, [&] { return is_stopped() || is_time_up(); });
  if (done) {
    writer->finish();
    return answer_of(*writer, question);
  }
  if (is_stopped()) return {.status = kExitInterrupted, .err = "tapeline: interrupted\n"};
  if (is_time_up()) {
    return {.status = kExitFailed,
            .err = fmt::format("tapeline: sql: not answered within {}: ask for less, or give it "
                               "more with --timeout\n",
                               format_duration(*question.timeout))};
  }
  return failed(done.error().within("sql"));
}

Answer answer_sql_whole(store::Reader& store, const Question& question, const Clock& clock,
                        const std::function<bool()>& is_stopped) {
  auto sql = sql_question_of(question);
  if (!sql) {
    return {.status = kExitWrongUse, .err = "tapeline: sql: this version reads no such question\n"};
  }
  if (!sql->timeout) sql->timeout = kSocketTimeout;
  std::string out;
  Answer answer = answer_sql(store, *sql, clock, is_stopped, [&](std::string_view text) {
    if (out.size() + text.size() > kSocketBytesMax) return false;
    out += text;
    return true;
  });
  answer.out = std::move(out);
  return answer;
}

}  // namespace tapeline::app::live
