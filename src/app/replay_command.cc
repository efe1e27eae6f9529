// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "app/commands.h"
#include "app/progress.h"
#include "app/values/text.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

using replay::InputFormat;
using replay::Options;
using values::grouped;

// The configuration's lateness is for live feeds: for foreign files it is unlimited unless given.
Options defaults(const config::Config& config) {
  Options options;
  options.intervals = config.stream.intervals;
  options.disorder = config.stream.disorder;
  options.idle_timeout = config.stream.idle_timeout;
  options.shards = values::shards_or_cores(config.stream.shards);
  if (config.feeds.size() == 1) options.venue = config.feeds.front().venue;
  return options;
}

// Why the file cannot be read, or nothing. Asked before anything is written.
std::string unreadable(const std::string& path) {
  struct stat status = {};
  int reason = 0;
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
    reason = errno;
  } else if (S_ISDIR(status.st_mode)) {
    reason = EISDIR;
  }
  return reason == 0 ? std::string()
                     : fmt::format("{}: {}", path, std::generic_category().message(reason));
}

std::vector<std::string> take_options(const CommandLine& line, Options& options,
                                      const std::vector<std::string>& venues) {
  std::vector<std::string> mistakes;
  for (const GivenOption& given : line.options) {
    if (given.row->clear != nullptr) given.row->clear(options);
    for (const std::string& text : given.texts) {
      const std::string mistake = given.row->take(text, {.options = options, .venues = venues});
      if (!mistake.empty()) mistakes.push_back(fmt::format("{}: {}", given.row->name, mistake));
    }
  }
  return mistakes;
}

std::vector<std::string> check_inputs(const Options& options,
                                      const std::vector<std::string>& venues) {
  std::vector<std::string> mistakes;
  if (options.inputs.empty()) mistakes.emplace_back("replay: no INPUT given (- is standard input)");
  bool has_stdin = false;
  for (const std::string& input : options.inputs) {
    if (input == "-" && has_stdin) mistakes.emplace_back("replay: - (standard input) given twice");
    has_stdin = has_stdin || input == "-";
    if (input == "-") continue;
    if (std::string why = unreadable(input); !why.empty()) mistakes.push_back(std::move(why));
  }
  if (!options.instruments_file.empty()) {
    const std::string why = unreadable(options.instruments_file);
    if (!why.empty()) mistakes.push_back("--instruments: " + why);
  }
  if (options.from && options.to && *options.from >= *options.to) {
    mistakes.emplace_back("--from: must be before --to");
  }
  const bool needs_venue =
      options.input_format == InputFormat::kRaw || options.input_format == InputFormat::kCryptofeed;
  if (needs_venue && options.venue.empty()) {
    mistakes.push_back(fmt::format("--venue: needed for --input-format {} (known: {})",
                                   options.input_format == InputFormat::kRaw ? "raw" : "cryptofeed",
                                   fmt::join(venues, ", ")));
  }
  return mistakes;
}

int exit_status(const Error& error) {
  return error.fault == Fault::kCaller ? kExitWrongUse : kExitFailed;
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
    env.err << "tapeline: " << summary.damage->text << '\n';
    status = exit_status(*summary.damage);
  }
  if (summary.interrupted) {
    env.err << "tapeline: interrupted; what was read until then is written\n";
    status = kExitInterrupted;
  }
  return status;
}

}  // namespace

int run_replay(const CommandLine& line, const config::Checked& checked, const Environment& env) {
  Options options = defaults(checked.config);
  options.inputs = line.inputs;
  std::vector<std::string> mistakes = take_options(line, options, env.venues);
  // An option that was refused may be the one that the inputs need.
  if (mistakes.empty()) mistakes = check_inputs(options, env.venues);
  if (!mistakes.empty()) {
    for (const std::string& mistake : mistakes) env.err << "tapeline: " << mistake << '\n';
    return kExitWrongUse;
  }

  ProgressLine progress(env.err_is_terminal && !line.quiet ? &env.err : nullptr, env.clock);
  const auto summary = env.replay(
      options, [&](const replay::Progress& p) { progress.update(p); }, env.stop);
  progress.finish();
  if (!summary) {
    env.err << "tapeline: " << summary.error().text << '\n';
    return exit_status(summary.error());
  }
  return report(*summary, options, line.quiet, env);
}

}  // namespace tapeline::app
