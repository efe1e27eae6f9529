// SPDX-License-Identifier: Apache-2.0
#include "app/live/sql.h"

#include <fmt/format.h>

#include <utility>

#include "app/commands.h"
#include "app/live/control.h"
#include "app/live/data_dir.h"
#include "app/live/file_reading.h"
#include "store/duckdb/open.h"
#include "store/listings.h"

namespace tapeline::app {
namespace {

live::AnswerFormat format_of(Listing listing) {
  switch (listing) {
    case Listing::kCsv:
      return live::AnswerFormat::kCsv;
    case Listing::kJsonLines:
      return live::AnswerFormat::kJsonLines;
    case Listing::kTable:
      break;
  }
  return live::AnswerFormat::kTable;
}

// From the running process, or from the files where none runs, and says which.
Result<live::Answer> ask_in_sql(const Invocation& invocation, const live::SqlQuestion& question) {
  const std::string_view command = invocation.line.command->name;
  const Environment& env = invocation.env;
  const auto path = data_dir_path(invocation.checked.config.data_dir, env.variable("HOME"));
  if (!path) return tl::make_unexpected(path.error());
  const auto say = [&](const char* where) {
    if (!invocation.line.quiet) env.err << fmt::format("{}: {}, {}\n", command, *path, where);
  };
  const auto is_stopped = [&env] { return env.stop.load(); };
  auto answered = live::ask_running(*path, live::question_of(question), env.clock, {is_stopped});
  if (!answered) return tl::make_unexpected(answered.error());
  if (*answered) {
    say("answered by the running process");
    return std::move(**answered);
  }
  const live::FileReading reading(*path, env.stop);
  const auto store = store::duckdb::open_reader(*path, {});
  if (!store) return tl::make_unexpected(store.error());
  say("read from the files, since no process runs");
  live::Answer answer = live::answer_sql(
      **store, question, env.clock, [&reading] { return reading.is_stopped(); },
      [&env](std::string_view text) {
        env.out << text;
        return !env.out.fail();
      });
  return reading.answer_of(std::move(answer));
}

int answer_in_sql(const Invocation& invocation, std::string sql) {
  const auto& [line, checked, settings, env, log] = invocation;
  const auto answer = ask_in_sql(invocation, {.sql = std::move(sql),
                                              .format = format_of(settings.listing),
                                              .limit = settings.sql.limit,
                                              .timeout = settings.sql.timeout});
  if (!answer) return say_failure(answer.error(), env);
  env.out << answer->out;
  env.out.flush();
  if (!line.quiet || answer->status != kExitDone) env.err << answer->err;
  return answer->status;
}

}  // namespace

int run_instruments(const Invocation& invocation) {
  store::ListingsAsked asked = invocation.settings.listings;
  asked.patterns = invocation.line.inputs;
  const bool are_times_ns = invocation.settings.replay.time_format == replay::TimeFormat::kUnixNs;
  return answer_in_sql(invocation, store::listings_sql(asked, are_times_ns));
}

int run_sql(const Invocation& invocation) {
  const auto& line = invocation.line;
  if (line.inputs.size() != 1) {
    return say_mistakes(
        {"sql: needs one statement in quotes, as in `tapeline sql \"SELECT count(*) "
         "FROM trades\"`"},
        invocation.env);
  }
  return answer_in_sql(invocation, line.inputs.front());
}

}  // namespace tapeline::app
