// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/commands.h"
#include "app/config/feeds.h"
#include "app/config/load.h"
#include "app/live/connect.h"
#include "app/live/data_dir.h"
#include "decode/venue_table.h"

namespace tapeline::app {
namespace {

int try_everything(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  const auto feeds = config::effective_feeds(checked.config);
  if (!feeds) return say_mistakes({feeds.error()}, env);
  const auto path = data_dir_path(checked.config.data_dir, env.variable("HOME"));
  if (!path) return say_failure(path.error(), env);
  const std::atomic<bool>& stop = env.stop;
  const auto is_stopped = [&stop] { return stop.load(); };
  std::vector<live::Tried> all = live::try_feeds(*feeds, env.clock, is_stopped);
  all.push_back(live::try_store(*path, env.clock, is_stopped));
  bool is_well = true;
  for (const live::Tried& tried : all) {
    is_well = is_well && tried.outcome.has_value();
    env.out << fmt::format("{:<6}  {}: {}\n", tried.outcome ? "ok" : "failed", tried.what,
                           tried.outcome ? *tried.outcome : tried.outcome.error().text);
  }
  env.out << live::suggest_disorder(*path, checked.config, env.clock, is_stopped);
  if (is_stopped()) return kExitInterrupted;
  return is_well ? kExitDone : kExitFound;
}

// With no bars of a minute the venues' candles have nothing to be held against.
bool lacks_bars_for_candles(const config::Config& config) {
  constexpr Duration kCandle = std::chrono::minutes(1);
  const auto& intervals = config.stream.intervals;
  if (std::find(intervals.begin(), intervals.end(), kCandle) != intervals.end()) return false;
  const auto feeds = config::effective_feeds(config);
  const auto asks = [](const config::Feed& feed) {
    const auto venue = decode::find_venue(feed.venue);
    return feed.candles && venue && decode::venue_table()[*venue]->candles != nullptr;
  };
  return feeds && std::any_of(feeds->begin(), feeds->end(), asks);
}

}  // namespace

int run_check(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  const std::size_t changed = checked.origins.size();
  if (!line.quiet && line.config_file.empty()) {
    env.err
        << "no configuration file: no tapeline.yaml is here and no --config FILE was given, so the "
           "defaults are in force"
        << (changed == 0 ? "\n" : ", but for what was set beside it\n");
  } else if (!line.quiet) {
    env.err << fmt::format("{}: ok ({} {} set)\n", line.config_file, changed,
                           changed == 1 ? "key" : "keys");
  }
  if (!line.quiet && lacks_bars_for_candles(checked.config)) {
    env.err
        << "stream.intervals has no 1m: the venues' own candles (feeds[].candles), which are of "
           "a minute, are stored and compared with nothing\n";
  }
  if (settings.show) env.out << config::show(checked, line.config_file);
  return settings.connect ? try_everything(invocation) : kExitDone;
}

}  // namespace tapeline::app
