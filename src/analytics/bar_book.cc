// SPDX-License-Identifier: Apache-2.0
#include "analytics/bar_book.h"

#include <algorithm>

namespace tapeline::analytics {

using stream::window_start;

namespace {

void add_part(BarPartial& partial, const Trade& trade) { partial.add(trade); }
void add_part(BarPartial& partial, const BarPartial& other) { partial.merge(other); }

}  // namespace

BarBook::BarBook(InstrumentId instrument, const stream::IntervalPlan& plan,
                 WatermarkOptions options, const ColdOptions& cold)
    : instrument_(instrument), watermark_(options), cold_(cold), plan_(&plan) {
  for (const auto& level : plan.levels()) {
    levels_.emplace_back().interval = level.interval;
  }
}

bool BarBook::on_trade(const Trade& trade) {
  const Cause cause = trade.flags.has(Flag::kBackfill) ? Cause::kBackfill : Cause::kLateTrade;
  if (trade.flags.has(Flag::kBackfill)) {
    // It may have come too late the first time.
    if (const auto changed = coverage_.take_late(late_id(trade))) recheck(*changed, cause);
  }
  if (trade.contiguous) {
    const auto changed = coverage_.add(trade.first_fill, trade.last_fill, trade.ts_event,
                                       trade.flags.has(Flag::kBackfill));
    if (changed) recheck(*changed, cause == Cause::kBackfill ? cause : Cause::kNone);
    if (trade.ts_event >= awaits_confirmation_) {
      // Bars behind this trade wait too: their ids came before those of earlier times.
      recheck({awaits_confirmation_, kEventTimeMax}, Cause::kNone);
      awaits_confirmation_ = kEventTimeMax;
    }
  }
  watermark_.advance(trade);
  if (trade.counts != Counts::kNone) {
    for (const std::size_t root : plan_->roots()) contribute(root, trade.ts_event, trade, cause);
  }
  return has_work_ || watermark_.is_carried_to(next_close_);
}

bool BarBook::on_heartbeat(const Heartbeat& heartbeat) {
  if (const auto changed = coverage_.confirm(heartbeat.last_id, heartbeat.time)) {
    recheck(*changed, Cause::kNone);
  }
  return has_work_;
}

bool BarBook::on_late(const LateTrade& late) {
  recheck(coverage_.add_late(late.id, late.last_fill, late.ts_event), Cause::kNone);
  return true;
}

// Adds a trade or the partial of a shorter window to the window of this level that holds `time`.
template <typename Part>
void BarBook::contribute(std::size_t level_index, EventTime time, const Part& part, Cause cause) {
  Level& level = levels_[level_index];
  if (level.newest_unmerged) {
    Bar& bar = level.bars.back();
    if (time >= bar.start && time < bar.start + level.interval) {
      add_part(bar.partial, part);
      return;  // open, and reaches the longer windows when this one passes
    }
  }
  const EventTime start = window_start(time, level.interval);
  const bool is_newest = level.bars.empty() || level.bars.back().start < start;
  if (is_newest && start >= level.closed_before) {
    if (level.newest_unmerged) merge_newest_upwards(level_index);
    Bar& bar = start_bar(level, start);
    add_part(bar.partial, part);
    level.newest_unmerged = true;
    return;
  }
  Bar* bar = find_bar(level, start);
  if (bar == nullptr) bar = &start_bar(level, start);
  add_part(bar->partial, part);
  touch(level_index, *bar, cause);
  for (const std::size_t longer : plan_->levels()[level_index].fed) {
    contribute(longer, time, part, cause);
  }
}

BarBook::Bar& BarBook::start_bar(Level& level, EventTime start) {
  if (start >= level.closed_before) next_close_ = std::min(next_close_, start + level.interval);
  return level.bars.insert(Bar{.start = start, .partial = {}});
}

BarBook::Bar* BarBook::find_bar(Level& level, EventTime start) {
  if (Bar* bar = level.bars.find(start)) return bar;
  if (start >= level.cold_before) return nullptr;
  fetch(level, {start, start});
  return level.bars.find(start);
}

// Brings back what the state store holds of the bars that start in the span, both ends included.
void BarBook::fetch(Level& level, TimeSpan starts) {
  if (starts.from >= level.cold_before || starts.from > starts.to) return;
  const EventTime last = std::min(starts.to, EventTime(level.cold_before.unix_ns() - 1));
  cold_.store->scan(
      cold_key(instrument_, level.interval, starts.from),
      cold_key(instrument_, level.interval, last),
      [&](std::string_view key, std::string_view value) {
        const EventTime start = start_of_cold_key(key);
        if (level.bars.find(start) != nullptr) return;  // it may be newer
        Bar bar{.start = start, .partial = {}};
        ByteReader in(value);
        bar.load(in);
        if (in.failed() || !in.is_at_end()) {
          return cold_.store->fail_with(
              {Fault::kTheirs, Retry::kNever,
               "the stored bar at " + format_rfc3339(start.unix_ns()) + " cannot be read"});
        }
        bar.stored = true;
        level.bars.insert(bar);
      });
}

// Moves the oldest bars out of memory, in groups, once nothing waits for them.
void BarBook::put_away(Level& level) {
  if (level.bars.size() <= cold_.hot + cold_.slack) return;
  while (level.bars.size() > cold_.hot) {
    const Bar& bar = level.bars.front();
    if (bar.start >= level.closed_before || !bar.said || bar.listed) return;
    if (!bar.stored) {
      ByteWriter value;
      bar.save(value);
      cold_.store->put(cold_key(instrument_, level.interval, bar.start), value.joined());
    }
    level.cold_before = std::max(level.cold_before, EventTime(bar.start.unix_ns() + 1));
    level.bars.erase(level.bars.begin());
  }
}

void BarBook::merge_newest_upwards(std::size_t level_index) {
  Level& level = levels_[level_index];
  level.newest_unmerged = false;
  const Bar& bar = level.bars.back();
  for (const std::size_t longer : plan_->levels()[level_index].fed) {
    contribute(longer, bar.start, bar.partial, Cause::kLateTrade);
  }
}

// A bar that has closed and changed is due at the next tick.
void BarBook::touch(std::size_t level_index, Bar& bar, Cause cause) {
  bar.stored = false;
  if (bar.start >= levels_[level_index].closed_before) return;
  bar.cause = std::max(bar.cause, cause);
  if (bar.listed) return;
  bar.listed = true;
  due_.push_back({level_index, bar.start});
  has_work_ = true;
}

void BarBook::recheck(TimeSpan span, Cause cause) {
  constexpr std::size_t kSpansMax = 64;
  has_work_ = true;
  if (rechecks_.size() < kSpansMax) {
    rechecks_.push_back({span, cause});
    return;
  }
  // Too many for one tick: the last takes in the rest. Looking at more bars changes no result.
  Recheck& last = rechecks_.back();
  last.span = {std::min(last.span.from, span.from), std::max(last.span.to, span.to)};
  last.cause = std::max(last.cause, cause);
}

Quality BarBook::quality_of(const Level& level, const Bar& bar) {
  const EventTime end = bar.start + level.interval;
  const Quality by_ids = coverage_.quality(bar.start, end);
  if (by_ids == Quality::kGap) return by_ids;
  if (by_ids == Quality::kUnknown && end > coverage_.confirmed_until()) {
    awaits_confirmation_ = std::min(awaits_confirmation_, bar.start);
  }
  if (bar.partial.uncounted || bar.partial.coarse) return Quality::kUnknown;
  if (by_ids == Quality::kComplete && bar.partial.backfilled) return Quality::kRepaired;
  return by_ids;
}

// Lists the closed bars of a level whose quality is no longer what was said.
void BarBook::recheck_level(std::size_t level_index, const Recheck& recheck) {
  Level& level = levels_[level_index];
  const EventTime first = window_start(recheck.span.from, level.interval);
  fetch(level, {first, recheck.span.to});
  for (auto at = level.bars.lower_bound(first); at != level.bars.end(); at = level.bars.next(at)) {
    Bar& bar = level.bars.at(at);
    if (bar.start > recheck.span.to || bar.start >= level.closed_before) return;
    if (!bar.said) continue;
    const Quality quality = quality_of(level, bar);
    if (quality == bar.quality) continue;
    // Back-fill repairs: a hole that opens near what it brought is the feed's doing.
    const Cause cause =
        quality == Quality::kGap ? Cause::kGap : std::max(Cause::kConfirmed, recheck.cause);
    touch(level_index, bar, cause);
  }
}

// Closes the windows of a level that the watermark has reached, and notes when the next one may.
void BarBook::close_level(std::size_t level_index, EventTime watermark) {
  Level& level = levels_[level_index];
  if (level.bars.empty()) return;
  const EventTime was_closed_before = level.closed_before;
  // Without a sign, so that neither the first close nor the end of all time overflows.
  const auto passed = static_cast<std::uint64_t>(watermark.unix_ns()) -
                      static_cast<std::uint64_t>(was_closed_before.unix_ns());
  if (watermark >= was_closed_before &&
      passed >= static_cast<std::uint64_t>(level.interval.count())) {
    const EventTime closed_before = window_start(watermark, level.interval);
    if (level.newest_unmerged && level.bars.back().start < closed_before) {
      merge_newest_upwards(level_index);
    }
    level.closed_before = closed_before;
    // From the newest back: few windows are open, and many have long been closed.
    for (auto at = level.bars.end(); at != level.bars.begin();) {
      at = level.bars.previous(at);
      if (level.bars.at(at).start < was_closed_before) break;
      touch(level_index, level.bars.at(at), Cause::kNone);
    }
  }
  if (level.bars.back().start >= level.closed_before) {
    next_close_ = std::min(next_close_, level.closed_before + level.interval);
  }
}

void BarBook::close_until(EventTime watermark) {
  if (watermark < next_close_) return;
  next_close_ = kEventTimeMax;
  // The shortest first, so that what they hold has reached the longer ones before these close.
  for (std::size_t i = 0; i < levels_.size(); ++i) close_level(i, watermark);
}

void BarBook::say_due(stream::OutputSink& out) {
  for (const Recheck& recheck : rechecks_) {
    for (std::size_t i = 0; i < levels_.size(); ++i) recheck_level(i, recheck);
  }
  rechecks_.clear();
  for (const Due& due : due_) {
    Level& level = levels_[due.level];
    Bar& bar = *level.bars.find(due.start);
    bar.listed = false;
    bar.quality = quality_of(level, bar);
    bar.revision += bar.said ? 1 : 0;
    const Cause cause = bar.said ? bar.cause : Cause::kNone;
    bar.said = true;
    bar.cause = Cause::kNone;
    BarRevision revision;
    revision.instrument = instrument_;
    revision.interval = level.interval;
    revision.start = bar.start;
    revision.partial = bar.partial;
    revision.quality = bar.quality;
    revision.revision = bar.revision;
    revision.cause = cause;
    out.on_bar(revision);
  }
  due_.clear();
  has_work_ = false;
}

// A window is its own bar, if it has one yet, and what shorter windows still hold back of it.
void BarBook::say_open_at(std::size_t level_index, EventTime start, const Bar* bar,
                          stream::OutputSink& out) const {
  const Level& level = levels_[level_index];
  BarRevision said;
  said.instrument = instrument_;
  said.interval = level.interval;
  said.start = start;
  said.state = BarState::kProvisional;
  if (bar != nullptr) said.partial = bar->partial;
  for (auto at = plan_->levels()[level_index].feeder; at; at = plan_->levels()[*at].feeder) {
    const Level& shorter = levels_[*at];
    if (!shorter.newest_unmerged) continue;
    const Bar& newest = shorter.bars.back();
    if (window_start(newest.start, level.interval) == start) said.partial.merge(newest.partial);
  }
  out.on_open_bar(said);
}

void BarBook::say_open(stream::OutputSink& out) const {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const Level& level = levels_[i];
    EventTime said_until = kEventTimeMin;
    for (auto at = level.bars.lower_bound(level.closed_before); at != level.bars.end();
         at = level.bars.next(at)) {
      const Bar& bar = level.bars.at(at);
      say_open_at(i, bar.start, &bar, out);
      said_until = bar.start;
    }
    // Windows of which shorter ones hold everything: the longer holds the earlier.
    for (auto at = plan_->levels()[i].feeder; at; at = plan_->levels()[*at].feeder) {
      const Level& shorter = levels_[*at];
      if (!shorter.newest_unmerged) continue;
      const EventTime start = window_start(shorter.bars.back().start, level.interval);
      if (start < level.closed_before || start <= said_until) continue;
      say_open_at(i, start, nullptr, out);
      said_until = start;
    }
  }
}

void BarBook::on_tick(EngineTime engine_time, stream::OutputSink& out) {
  close_until(watermark_.at(engine_time));
  say_due(out);
  if (cold_.store == nullptr) return;
  for (Level& level : levels_) put_away(level);
}

void BarBook::on_end(stream::OutputSink& out) {
  close_until(kEventTimeMax);
  say_due(out);
}

}  // namespace tapeline::analytics
