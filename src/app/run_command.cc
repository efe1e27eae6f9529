// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "app/commands.h"
#include "app/config/feeds.h"
#include "app/config/load.h"
#include "app/live/data_dir.h"
#include "app/live/live.h"
#include "app/signals.h"
#include "app/values/text.h"
#include "app/version.h"
#include "decode/venue_table.h"
#include "store/duckdb/open.h"

namespace tapeline::app {
namespace {

using values::grouped;

int report(const live::LiveSummary& summary, bool only_record, const Invocation& invocation) {
  const Environment& env = invocation.env;
  if (!invocation.line.quiet) {
    env.err << fmt::format("{} records in the journal\n", grouped(summary.records));
    if (!only_record) {
      env.err << fmt::format(
          "{} rows stored; received {} = delivered {} + duplicate {} + late {} + rejected {} + "
          "shed {} + control {}\n",
          grouped(summary.stored), grouped(summary.received), grouped(summary.delivered),
          grouped(summary.duplicate), grouped(summary.late), grouped(summary.rejected),
          grouped(summary.shed), grouped(summary.control));
    }
  }
  // Without a duration a signal is the ordinary end.
  const bool is_cut_short = invocation.settings.duration && env.stop.load();
  const int status = summary.failure     ? say_failure(*summary.failure, env)
                     : !summary.is_clean ? kExitFailed
                     : is_cut_short      ? kExitInterrupted
                                         : kExitDone;
  if (summary.is_clean) return status;
  // A thread that did not stop would go on using what is destroyed at an ordinary end.
  env.out.flush();
  env.err.flush();
  std::_Exit(status);
}

// What --history sets in the feeds; a mistake, or nothing.
std::optional<std::string> set_history(std::vector<config::Feed>& feeds,
                                       const std::optional<Duration>& history) {
  if (!history) return std::nullopt;
  std::size_t set = 0;
  for (config::Feed& feed : feeds) {
    const auto venue = decode::find_venue(feed.venue);
    if (!venue || decode::venue_table()[*venue]->candles == nullptr) continue;
    if (!feed.candles) {
      return fmt::format(
          "--history: the feed of {} has candles: off, and they are what it would begin with; set "
          "feeds[].candles, or leave --history out",
          feed.venue);
    }
    feed.history = history;
    ++set;
  }
  if (set > 0) return std::nullopt;
  return "--history: none of these venues tells its own candles without a key in each request, so "
         "nothing from before the start can be had; leave it out";
}

// What it does not do, where somebody might think that it does.
void say_history(const std::vector<config::Feed>& feeds, const std::string& data_dir,
                 Duration history, Log& log) {
  for (const config::Feed& feed : feeds) {
    const auto venue = decode::find_venue(feed.venue);
    const venue::CandleFacts* candles = venue ? decode::venue_table()[*venue]->candles : nullptr;
    if (candles == nullptr) {
      log.warn("the venue tells no candles without a key: it begins without any",
               {{"venue", feed.venue}});
    } else if (candles->depth != Duration() && candles->depth < history) {
      log.info("the venue's own candles reach less far back",
               {{"venue", feed.venue}, {"depth", format_duration(candles->depth)}});
    }
  }
  std::error_code failed;
  if (std::filesystem::exists(store::duckdb::store_path(data_dir), failed)) {
    log.info(
        "the folder has data already: candles of so long are asked for again, and trades go "
        "on from the last one",
        {{"history", format_duration(history)}});
  }
}

// The configuration as it is by now, when a SIGHUP asks for it. One with a mistake is refused
// whole.
class Reread {
 public:
  explicit Reread(const Invocation& invocation)
      : invocation_(invocation), is_asked_(reread_on_hangup()) {}

  std::optional<std::vector<config::Feed>> operator()() const {
    if (!is_asked_.exchange(false)) return std::nullopt;
    const auto& [line, checked, settings, env, log] = invocation_;
    const config::Checked now = read_config(line, env);
    for (const std::string& mistake : now.mistakes) refuse(mistake);
    if (!now.mistakes.empty()) return std::nullopt;
    auto feeds = config::effective_feeds(now.config, settings.replay.instruments);
    if (!feeds) {
      refuse(feeds.error());
      return std::nullopt;
    }
    if (const auto mistake = set_history(*feeds, settings.history)) {
      refuse(*mistake);
      return std::nullopt;
    }
    for (const auto& change : config::changes_beside_feeds(checked.config, now.config)) {
      log.warn("this key cannot change while running: it stays as it is until a restart",
               {{"key", change.path}, {"in_force", change.before}, {"file", change.after}});
    }
    return std::move(*feeds);
  }

 private:
  void refuse(const std::string& mistake) const {
    invocation_.log.error("the configuration was refused, and what was in force goes on",
                          {{"mistake", mistake}});
  }

  const Invocation& invocation_;
  std::atomic<bool>& is_asked_;
};

int run(const Invocation& invocation, bool only_record) {
  const auto& [line, checked, settings, env, log] = invocation;
  auto feeds = config::effective_feeds(checked.config, settings.replay.instruments);
  if (!feeds) return say_mistakes({feeds.error()}, env);
  if (const auto mistake = set_history(*feeds, settings.history)) {
    return say_mistakes({*mistake}, env);
  }
  const auto path = data_dir_path(checked.config.data_dir, env.variable("HOME"));
  if (!path) return say_failure(path.error(), env);
  if (settings.history) say_history(*feeds, *path, *settings.history, log);
  outlive_readers();
  const auto summary = live::run_live({.data_dir = *path,
                                       .engine_version = version_number(),
                                       .config = checked.config,
                                       .feeds = *feeds,
                                       .duration = settings.duration,
                                       .only_record = only_record,
                                       .commit = commit_text(),
                                       .new_feeds = Reread(invocation),
                                       .on_listening =
                                           [&its = invocation.log](const std::string& address) {
                                             its.info("the page is served", {{"address", address}});
                                           }},
                                      env.clock, log, env.sleep, env.stop);
  if (!summary) return say_failure(summary.error(), env);
  return report(*summary, only_record, invocation);
}

}  // namespace

int run_run(const Invocation& invocation) { return run(invocation, false); }

int run_record(const Invocation& invocation) { return run(invocation, true); }

}  // namespace tapeline::app
