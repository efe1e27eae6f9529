// SPDX-License-Identifier: Apache-2.0
#include "model/coverage.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace tapeline {
namespace {

TimeSpan hull(EventTime a, EventTime b) { return {std::min(a, b), std::max(a, b)}; }

TimeSpan hull(TimeSpan a, TimeSpan b) { return {std::min(a.from, b.from), std::max(a.to, b.to)}; }

bool overlap(TimeSpan a, TimeSpan b) { return a.from <= b.to && b.from <= a.to; }

}  // namespace

Coverage::Held Coverage::holds(std::uint64_t first, std::uint64_t last) const {
  if (runs_.empty() || first > runs_.back().last) return Held::kNone;
  const auto at = runs_.partition_point([&](const IdRun& run) { return run.last < first; });
  const IdRun& run = runs_.at(at);
  if (run.first <= first && last <= run.last) return Held::kAll;
  return run.first <= last ? Held::kPart : Held::kNone;
}

std::optional<TimeSpan> Coverage::add_out_of_line(std::uint64_t first, std::uint64_t last,
                                                  EventTime time) {
  TAPELINE_CHECK(first <= last && holds(first, last) == Held::kNone, "ids are added once");
  const std::uint64_t newest_before = newest_id();
  runs_.insert({first, last, time, time, time, time});
  TimeSpan changed = merge_with_neighbours(runs_.lower_bound(first), {time, time});
  if (newest_id() != newest_before && known_last_ >= newest_before && known_last_ != 0) {
    changed = hull(changed, {known_last_time_, known_last_until_});
  }
  return changed;
}

TimeSpan Coverage::merge_with_neighbours(Runs::Cursor at, TimeSpan changed) {
  // What lies between a run and its neighbours changes its quality: a hole opens, moves or closes.
  if (at != runs_.begin()) {
    const Runs::Cursor before = runs_.previous(at);
    IdRun& run = runs_.at(at);
    IdRun& left = runs_.at(before);
    changed = hull(changed, hull(left.last_time, run.first_time));
    changed = hull(changed, hull(left.time_max, run.time_min));
    if (left.time_max > run.time_min) {
      in_time_order_ = false;
      changed = hull(changed, hull(left.time_min, run.time_max));
    }
    if (left.last + 1 == run.first) {
      left.last = run.last;
      left.last_time = run.last_time;
      left.time_min = std::min(left.time_min, run.time_min);
      left.time_max = std::max(left.time_max, run.time_max);
      runs_.erase(at);
      at = before;
    }
  }
  const Runs::Cursor after = runs_.next(at);
  if (after != runs_.end()) {
    IdRun& run = runs_.at(at);
    const IdRun right = runs_.at(after);
    changed = hull(changed, hull(run.last_time, right.first_time));
    changed = hull(changed, hull(run.time_max, right.time_min));
    if (run.time_max > right.time_min) {
      in_time_order_ = false;
      changed = hull(changed, hull(run.time_min, right.time_max));
    }
    if (run.last + 1 == right.first) {
      run.last = right.last;
      run.last_time = right.last_time;
      run.time_min = std::min(run.time_min, right.time_min);
      run.time_max = std::max(run.time_max, right.time_max);
      runs_.erase(after);
    }
  }
  return changed;
}

std::optional<TimeSpan> Coverage::confirm(std::uint64_t last_id, EventTime time) {
  // 0: the venue does not know either. Below what is known already, it is refuted or says less.
  if (last_id == 0 || last_id < known_last_ || last_id < newest_id()) return std::nullopt;
  const bool is_higher = last_id > known_last_;
  const bool moves_hole = is_higher || time < known_last_time_;
  const EventTime was_confirmed = confirmed_until();
  TimeSpan changed{time, time};
  if (known_last_ >= newest_id()) changed = hull(changed, {known_last_time_, known_last_until_});
  known_last_ = last_id;
  known_last_time_ = is_higher ? time : std::min(known_last_time_, time);
  known_last_until_ = is_higher ? time : std::max(known_last_until_, time);

  if (runs_.empty()) return std::nullopt;
  const IdRun& newest = runs_.back();
  if (last_id > newest.last) {
    if (!moves_hole) return std::nullopt;
    return hull(changed, {newest.last_time, newest.last_time});
  }
  if (confirmed_until() == was_confirmed) return std::nullopt;
  return TimeSpan{was_confirmed, confirmed_until()};
}

TimeSpan Coverage::add_late(const TradeId& id, std::uint64_t last_fill, EventTime time) {
  any_late_ = true;
  late_.insert({id, last_fill, time});
  if (late_times_.find(time) == nullptr) late_times_.insert(time);
  return {time, time};
}

bool Coverage::finds_late(const TradeId& id) const {
  const auto at = late_.lower_bound(id);
  return at != late_.end() && late_.at(at).id == id;
}

bool Coverage::touches_gap(TimeSpan window) const {
  if (runs_.empty()) return false;
  if (known_last_ > runs_.back().last &&
      overlap(window, hull(runs_.back().last_time, known_last_time_))) {
    return true;
  }
  if (runs_.size() == 1) return false;
  auto at = runs_.begin();
  if (in_time_order_) {
    at = runs_.partition_point([&](const IdRun& run) { return run.time_max < window.from; });
    if (at != runs_.begin()) at = runs_.previous(at);
  }
  for (auto next = runs_.next(at); next != runs_.end(); at = next, next = runs_.next(next)) {
    const TimeSpan hole = hull(runs_.at(at).last_time, runs_.at(next).first_time);
    if (overlap(window, hole)) return true;
    if (in_time_order_ && hole.from > window.to) return false;
  }
  return false;
}

bool Coverage::is_covered(EventTime start, EventTime end) const {
  if (runs_.empty()) return false;
  if (runs_.back().time_min < start && confirmed_until() >= end) return true;
  const auto covers = [&](const IdRun& run) { return run.time_min < start && run.time_max >= end; };
  if (in_time_order_) {
    const auto at = runs_.partition_point([&](const IdRun& run) { return run.time_max < end; });
    return at != runs_.end() && covers(runs_.at(at));
  }
  for (auto at = runs_.begin(); at != runs_.end(); at = runs_.next(at)) {
    if (covers(runs_.at(at))) return true;
  }
  return false;
}

bool Coverage::has_late(TimeSpan window) const {
  const auto at = late_times_.lower_bound(window.from);
  return at != late_times_.end() && late_times_.at(at) <= window.to;
}

Quality Coverage::quality(EventTime start, EventTime end) const {
  const TimeSpan window{start, end - Duration(1)};
  if (any_late_ && has_late(window)) return Quality::kGap;
  if (touches_gap(window)) return Quality::kGap;
  return is_covered(start, end) ? Quality::kComplete : Quality::kUnknown;
}

std::vector<IdRun> Coverage::runs() const {
  std::vector<IdRun> out;
  out.reserve(runs_.size());
  for (auto at = runs_.begin(); at != runs_.end(); at = runs_.next(at)) out.push_back(runs_.at(at));
  return out;
}

void Coverage::append_gap(std::vector<IdGap>& out, IdGap gap) const {
  // Ids inside the hole that came late are named apart from those that never came.
  std::uint64_t next = gap.first;
  auto at = late_.lower_bound(TradeId(gap.first));
  while (at != late_.end() && late_.at(at).id.is_number() && late_.at(at).id.number() <= gap.last) {
    const std::uint64_t first = late_.at(at).id.number();
    std::uint64_t last = late_.at(at).last_fill;
    for (at = late_.next(at); at != late_.end() && late_.at(at).id == TradeId(last + 1);
         at = late_.next(at)) {
      last = late_.at(at).last_fill;
    }
    last = std::min(last, gap.last);
    if (first > next) out.push_back({next, first - 1, gap.from_time, gap.to_time, gap.cause});
    out.push_back({first, last, gap.from_time, gap.to_time, GapCause::kLate});
    next = last + 1;
  }
  if (next <= gap.last && next != 0) {
    out.push_back({next, gap.last, gap.from_time, gap.to_time, gap.cause});
  }
}

std::vector<IdGap> Coverage::gaps() const {
  std::vector<IdGap> out;
  if (runs_.empty()) return out;
  auto at = runs_.begin();
  for (auto next = runs_.next(at); next != runs_.end(); at = next, next = runs_.next(next)) {
    const IdRun& left = runs_.at(at);
    const IdRun& right = runs_.at(next);
    const TimeSpan span = hull(left.last_time, right.first_time);
    append_gap(out, {left.last + 1, right.first - 1, span.from, span.to});
  }
  const IdRun& newest = runs_.back();
  if (known_last_ > newest.last) {
    const TimeSpan span = hull(newest.last_time, known_last_time_);
    append_gap(out, {newest.last + 1, known_last_, span.from, span.to, GapCause::kHeartbeat});
  }
  return out;
}

const char* name_of(Quality quality) {
  switch (quality) {
    case Quality::kComplete:
      return "complete";
    case Quality::kRepaired:
      return "repaired";
    case Quality::kGap:
      return "gap";
    case Quality::kUnknown:
      break;
  }
  return "unknown";
}

const char* name_of(GapCause cause) {
  switch (cause) {
    case GapCause::kHeartbeat:
      return "heartbeat";
    case GapCause::kLate:
      return "late";
    case GapCause::kLost:
      break;
  }
  return "lost";
}

}  // namespace tapeline
