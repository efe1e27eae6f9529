// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "app/commands.h"
#include "app/demo/folder.h"
#include "app/live/answers.h"
#include "app/live/control.h"
#include "app/live/data_dir.h"
#include "app/live/file_reading.h"
#include "app/live/question.h"
#include "app/values/text.h"
#include "base/time.h"
#include "store/duckdb/open.h"

namespace tapeline::app {
namespace {

using live::Answer;
using live::Question;

// From the running process, or from the files where none runs, and says which.
Result<Answer> ask(const Invocation& invocation, const Question& question) {
  const Environment& env = invocation.env;
  const config::Config& config = invocation.checked.config;
  const bool is_quiet = invocation.line.quiet;
  const auto path = data_dir_path(config.data_dir, env.variable("HOME"));
  if (!path) return tl::make_unexpected(path.error());
  live::Patience patience{.is_stopped = [&env] { return env.stop.load(); }};
  if (question.what == "status") patience.within = live::kStatusWithin;
  auto answered = live::ask_running(*path, question, env.clock, patience);
  if (!answered) return tl::make_unexpected(answered.error());
  const auto say = [&](const char* where) {
    if (!is_quiet) env.err << fmt::format("{}: {}, {}\n", question.what, *path, where);
  };
  if (*answered) {
    say("answered by the running process");
    return std::move(**answered);
  }
  if (question.what == "status") {
    return tl::make_unexpected(nobody_runs(*path, env, question.what));
  }
  const live::FileReading reading(*path, env.stop);
  const auto store = store::duckdb::open_reader(*path, {});
  if (!store) {
    Error error = store.error();
    error.text += demos_hint(env, question.what);
    return tl::make_unexpected(std::move(error));
  }
  say("read from the files, since no process runs");
  return reading.answer_of(live::answer_question(
      live::DataFolder{*path, config.stream, **store}, question,
      [&](std::uint64_t /*done*/, std::uint64_t /*total*/) { return !reading.is_stopped(); }));
}

constexpr Duration kRepairLook = std::chrono::milliseconds(200);
constexpr Duration kRepairSay = std::chrono::seconds(2);
constexpr Duration kRepairWithin = std::chrono::minutes(5);

// Has the running process repair what is missing, and waits for it; nothing where it is done, else
// the exit status.
std::optional<int> repair(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const auto path = data_dir_path(invocation.checked.config.data_dir, env.variable("HOME"));
  if (!path) return say_failure(path.error(), env);
  const live::Patience patience{.is_stopped = [&env] { return env.stop.load(); },
                                .within = live::kStatusWithin};
  const std::int64_t start_ns = env.clock.monotonic_ns();
  std::int64_t said_ns = start_ns;
  Question question{"repair", {}};
  for (;;) {
    const auto answered = live::ask_running(*path, question, env.clock, patience);
    if (env.stop.load()) {
      env.err << "tapeline: interrupted: the repair goes on by itself while the process runs\n";
      return kExitInterrupted;
    }
    if (!answered) return say_failure(answered.error(), env);
    if (!*answered) {
      const bool is_begun = !question.arguments.empty();
      return say_failure({is_begun ? Fault::kOurs : Fault::kCaller, Retry::kNever,
                          *path + (is_begun ? ": the process ended before the venues had answered: "
                                              "ask again when it runs"
                                            : ": no process runs here, and only a running one asks "
                                              "the venues; start one with `tapeline run`")},
                         env);
    }
    const Answer& answer = **answered;
    if (answer.status != kExitDone) {
      env.err << answer.err;
      return answer.status;
    }
    if (question.arguments.empty()) {
      question.arguments.emplace_back("number", answer.out);
      continue;
    }
    if (answer.out == "done") return std::nullopt;
    const std::int64_t now_ns = env.clock.monotonic_ns();
    if (now_ns - start_ns > kRepairWithin.count()) {
      return say_failure({Fault::kTheirs, Retry::kAfterBackoff,
                          fmt::format("not repaired within {} ({}): the repair goes on by itself",
                                      format_duration(kRepairWithin), answer.out)},
                         env);
    }
    if (now_ns - said_ns > kRepairSay.count() && !invocation.line.quiet) {
      said_ns = now_ns;
      env.err << "audit: " << answer.out << '\n';
    }
    env.sleep(kRepairLook);
  }
}

int ask_and_say(const Invocation& invocation, const Question& question) {
  const auto answer = ask(invocation, question);
  if (!answer) return say_failure(answer.error(), invocation.env);
  invocation.env.out << answer->out;
  invocation.env.err << answer->err;
  return answer->status;
}

// The options that the questions share.
Question question_of(std::string what, const Settings& settings) {
  Question question{std::move(what), {}};
  for (const std::string& pattern : settings.replay.instruments) {
    question.arguments.emplace_back("instrument", pattern);
  }
  if (const auto from = settings.replay.from) {
    question.arguments.emplace_back("from", format_rfc3339(from->unix_ns()));
  }
  if (const auto to = settings.replay.to) {
    question.arguments.emplace_back("to", format_rfc3339(to->unix_ns()));
  }
  return question;
}

}  // namespace

// Beside a demo the folder that was asked is seldom the one that was meant.
std::string demos_hint(const Environment& env, const std::string& command) {
  std::string hint;
  for (const std::string& folder :
       demo::running_in(demo::parent_of_temporary(env.variable("TMPDIR")))) {
    hint += fmt::format("; a demo runs: tapeline --data-dir {} {}", folder, command);
  }
  return hint;
}

Error nobody_runs(const std::string& data_dir, const Environment& env, const std::string& command) {
  return {Fault::kCaller, Retry::kNever,
          data_dir + ": no process runs here; start one with `tapeline run`" +
              demos_hint(env, command)};
}

int run_verify(const Invocation& invocation) {
  return ask_and_say(invocation, question_of("verify", invocation.settings));
}

int run_audit(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  if (settings.repair && settings.reconcile) {
    return say_mistakes({"--repair: does not go with --reconcile, since bars follow a repair by "
                         "and by; repair first, then reconcile"},
                        invocation.env);
  }
  if (settings.repair) {
    if (!settings.replay.instruments.empty() || settings.replay.from || settings.replay.to) {
      return say_mistakes({"--repair: asks for everything that is missing, so --instrument, --from "
                           "and --to do not go with it; audit them after the repair"},
                          invocation.env);
    }
    if (const auto status = repair(invocation)) return *status;
  }
  return ask_and_say(invocation, question_of(settings.reconcile ? "reconcile" : "audit", settings));
}

int run_status(const Invocation& invocation) {
  return ask_and_say(invocation, question_of("status", invocation.settings));
}

int run_explain(const Invocation& invocation) {
  const auto& inputs = invocation.line.inputs;
  if (inputs.size() != 3) {
    return say_mistakes({"explain: needs INSTRUMENT INTERVAL START, as in `tapeline explain "
                         "coinbase:BTC-USD 1m 2021-04-17T16:43:00Z`"},
                        invocation.env);
  }
  std::vector<std::string> mistakes;
  if (const auto interval = parse_duration(inputs[1]); !interval || interval->count() <= 0) {
    mistakes.push_back("explain: " + values::quoted(inputs[1]) + " is no interval like 1s or 5m");
  }
  if (!parse_rfc3339(inputs[2])) {
    mistakes.push_back("explain: " + values::quoted(inputs[2]) +
                       " is no time like 2021-04-17T16:43:00Z");
  }
  if (!mistakes.empty()) return say_mistakes(mistakes, invocation.env);
  Question question{"explain",
                    {{"instrument", inputs[0]}, {"interval", inputs[1]}, {"start", inputs[2]}}};
  if (invocation.settings.frames) question.arguments.emplace_back("frames", "yes");
  return ask_and_say(invocation, question);
}

}  // namespace tapeline::app
