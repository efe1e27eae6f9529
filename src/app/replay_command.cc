// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/pacer.h"
#include "app/progress.h"
#include "app/values/text.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

using replay::InputFormat;
using replay::Options;
using values::grouped;

std::vector<std::string> mistakes_of(const CommandLine& line, const Options& options,
                                     const std::vector<std::string>& venues) {
  const bool is_detected = options.input_format == InputFormat::kDetect;
  const bool is_journal = replay::is_journal(options);
  std::vector<std::string> mistakes = check_inputs(line, is_journal || is_detected);
  for (const GivenOption& given : line.options) {
    const std::string_view name = given.row->name;
    const bool is_said = name == "--venue" || name == "--instruments" || name == "--time-unit";
    if (is_journal && is_said) {
      mistakes.push_back(fmt::format("{}: a journal says that itself of each input", name));
    }
  }
  if (is_journal && line.inputs.size() > 1) {
    mistakes.emplace_back("replay: a journal is replayed alone: give one data folder");
  }
  if (options.reparse && options.input_format != replay::InputFormat::kJournal) {
    mistakes.emplace_back(
        "--reparse: only a journal holds what was recorded unparsed; say --input-format journal");
  }
  for (std::string& mistake : check_reading(options, venues)) {
    mistakes.push_back(std::move(mistake));
  }
  return mistakes;
}

// `9,946 frames: received 10,133 = delivered 204 + duplicate 10 + ...`.
std::string summary_line(const replay::Summary& s) {
  return fmt::format(
      "{} {}: received {} = delivered {} + duplicate {} + late {} + rejected {} + shed {} + "
      "control {}",
      grouped(s.frames), s.frames == 1 ? "frame" : "frames", grouped(s.received),
      grouped(s.delivered), grouped(s.duplicate), grouped(s.late), grouped(s.rejected),
      grouped(s.shed), grouped(s.control));
}

// Why a replay with too many rejected frames failed, and what to do.
std::string rejects_sentence(const replay::Summary& s, const replay::Options& options) {
  const replay::RejectsLimit& limit = options.rejects_limit;
  const std::string allowed =
      limit.count ? grouped(*limit.count) : fmt::format("{}%", limit.percent);
  const std::string hint = options.rejects_file.empty()
                               ? "run again with --rejects FILE to see them"
                               : fmt::format("see {}", values::printable(options.rejects_file));
  return fmt::format("{} of {} frames were rejected, more than --max-rejects {} allows; {}",
                     grouped(s.frames_rejected), grouped(s.frames), allowed, hint);
}

// An interruption is the person's own doing, so it names the status before what was found.
int report(const replay::Summary& summary, const Options& options, bool quiet,
           const Environment& env) {
  if (!quiet) {
    env.err << summary_line(summary) << '\n';
    for (const std::string& note : summary.notes) env.err << "note: " << note << '\n';
  }
  int status = kExitDone;
  if (summary.over_rejects_limit) {
    env.err << "tapeline: " << rejects_sentence(summary, options) << '\n';
    status = kExitFound;
  }
  if (summary.damage) {
    status = say_failure(*summary.damage, env);
  }
  if (summary.interrupted) {
    env.err << "tapeline: interrupted; what was read until then is written\n";
    status = kExitInterrupted;
  }
  return status;
}

}  // namespace

int run_replay(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  Options options = settings.replay;
  options.inputs = line.inputs;
  const std::vector<std::string> mistakes = mistakes_of(line, options, env.venues);
  if (!mistakes.empty()) return say_mistakes(mistakes, env);

  ProgressLine progress(env.err_is_terminal && !line.quiet ? &env.err : nullptr, env.clock);
  replay::Hooks hooks;
  hooks.on_progress = [&](const replay::Progress& p) { progress.update(p); };
  Pacer pacer(options.speed.value_or(1), env);
  if (options.speed) {
    hooks.pace = [&](RecvTime ts_recv, const std::function<void()>& before_waiting) {
      pacer.wait_for(ts_recv, before_waiting);
    };
  }
  const auto summary = env.replay(options, hooks, env.stop);
  progress.finish();
  return summary ? report(*summary, options, line.quiet, env) : say_failure(summary.error(), env);
}

}  // namespace tapeline::app
