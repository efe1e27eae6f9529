// SPDX-License-Identifier: Apache-2.0
#include "model/coverage.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/check.h"

namespace tapeline {
namespace {

TimeSpan hull(EventTime a, EventTime b) { return {std::min(a, b), std::max(a, b)}; }

TimeSpan hull(TimeSpan a, TimeSpan b) { return {std::min(a.from, b.from), std::max(a.to, b.to)}; }

bool overlap(TimeSpan a, TimeSpan b) { return a.from <= b.to && b.from <= a.to; }

// A run that comes between two others (null: there is none) and what it joins with.
struct Placed {
  EventTime time;
  const IdRun* left = nullptr;
  const IdRun* right = nullptr;
  bool joins_left = false;
  bool joins_right = false;
};

// Where quality may differ once the run is there: only where an edge of a hole moves, and with it
// what a run covers.
TimeSpan changed_by(const Placed& placed) {
  const EventTime time = placed.time;
  if (placed.joins_left && placed.joins_right) {
    const IdRun& left = *placed.left;
    const IdRun& right = *placed.right;
    TimeSpan changed = hull(left.last_time, right.first_time);
    // As one, the two begin where the left one does and end where the right one does: where times
    // do not follow ids, that can be less than each said alone.
    if (left.first_time > right.first_time)
      changed = hull(changed, {right.first_time, left.first_time});
    if (left.last_time > right.last_time)
      changed = hull(changed, {right.last_time, left.last_time});
    return changed;
  }
  if (placed.joins_left) return hull(placed.left->last_time, time);
  if (placed.joins_right) return hull(placed.right->first_time, time);
  if (placed.left == nullptr && placed.right == nullptr) return {time, time};
  if (placed.left == nullptr) return hull(placed.right->first_time, time);
  if (placed.right == nullptr) return hull(placed.left->last_time, time);
  // Inside the hole in time too, the hole is only cut in two.
  const TimeSpan hole = hull(placed.left->last_time, placed.right->first_time);
  if (time < hole.from) return {time, hole.from};
  if (time > hole.to) return {hole.to, time};
  return {time, time};
}

}  // namespace

Coverage::Held Coverage::holds(std::uint64_t first, std::uint64_t last) const {
  if (runs_.empty() || first > runs_.back().last) return Held::kNone;
  const auto at = runs_.partition_point([&](const IdRun& run) { return run.last < first; });
  const IdRun& run = runs_.at(at);
  if (run.first <= first && last <= run.last) return Held::kAll;
  return run.first <= last ? Held::kPart : Held::kNone;
}

std::optional<TimeSpan> Coverage::add_out_of_line(std::uint64_t first, std::uint64_t last,
                                                  EventTime time, bool is_backfilled) {
  TAPELINE_CHECK(first <= last && holds(first, last) == Held::kNone, "ids are added once");
  const bool was_empty = runs_.empty();
  const std::uint64_t newest_before = newest_id();
  const EventTime newest_time_before = was_empty ? time : runs_.back().last_time;
  const std::uint64_t repaired = is_backfilled ? last - first + 1 : 0;
  TimeSpan changed = place({first, last, time, time, time, time, repaired});
  if (known_last_ == 0 || newest_id() == newest_before || known_last_ < newest_before) {
    return changed;
  }
  // Between the newest run and the id that a heartbeat named lay a hole, or nothing: the hole goes
  // on with another end, or what the heartbeat said is over.
  if (known_last_ > newest_id() && !was_empty) {
    return hull(changed, hull(newest_time_before, runs_.back().last_time));
  }
  return hull(hull(changed, hull(newest_time_before, time)), {known_last_time_, known_last_until_});
}

// Puts a run between its neighbours, merges what touches, and says where quality may differ now.
TimeSpan Coverage::place(const IdRun& run) {
  runs_.insert(run);
  Runs::Cursor at = runs_.lower_bound(run.first);
  const bool has_left = at != runs_.begin();
  const bool has_right = runs_.next(at) != runs_.end();
  const IdRun left = has_left ? runs_.at(runs_.previous(at)) : run;
  const IdRun right = has_right ? runs_.at(runs_.next(at)) : run;
  const bool joins_left = has_left && left.last + 1 == run.first;
  const bool joins_right = has_right && run.last + 1 == right.first;

  IdRun whole = run;
  if (joins_left) {
    whole.first = left.first;
    whole.first_time = left.first_time;
    whole.repaired += left.repaired;
    whole.time_min = std::min(left.time_min, whole.time_min);
    whole.time_max = std::max(left.time_max, whole.time_max);
  }
  if (joins_right) {
    whole.last = right.last;
    whole.last_time = right.last_time;
    whole.repaired += right.repaired;
    whole.time_min = std::min(right.time_min, whole.time_min);
    whole.time_max = std::max(right.time_max, whole.time_max);
  }
  if (has_left) {
    // What ended last before `left` is known by the promise of slack_; before a new newest run, it
    // is known exactly.
    const Int128 promised = Int128{left.time_min.unix_ns()} + slack_ns_;
    newest_time_ = std::max(newest_time_, left.time_max);  // it may have grown since it was placed
    const Int128 seen = newest_time_.unix_ns();
    const Int128 latest = joins_left  ? promised
                          : has_right ? std::max<Int128>(promised, left.time_max.unix_ns())
                                      : seen;
    slack_ns_ = std::max(slack_ns_, latest - whole.time_min.unix_ns());
  }
  if (has_right) {
    const Int128 promised = Int128{right.time_max.unix_ns()} - slack_ns_;
    const Int128 earliest =
        joins_right ? promised : std::min<Int128>(promised, right.time_min.unix_ns());
    slack_ns_ = std::max(slack_ns_, whole.time_max.unix_ns() - earliest);
  }
  newest_time_ = std::max(newest_time_, whole.time_max);

  if (joins_right) runs_.erase(runs_.next(at));
  if (joins_left) {
    const Runs::Cursor before = runs_.previous(at);
    runs_.erase(at);
    at = before;
  }
  runs_.at(at) = whole;
  return changed_by({.time = run.first_time,
                     .left = has_left ? &left : nullptr,
                     .right = has_right ? &right : nullptr,
                     .joins_left = joins_left,
                     .joins_right = joins_right});
}

// Runs before the one before this have ended by `time`, and so have the holes between them.
Coverage::Runs::Cursor Coverage::first_run_near(EventTime time) const {
  const Int128 ended = Int128{time.unix_ns()} - slack_ns_;
  return runs_.partition_point([&](const IdRun& run) { return run.time_max.unix_ns() < ended; });
}

// Whether this run and all behind it begin after `time`.
bool Coverage::is_past(const IdRun& run, EventTime time) const {
  return run.time_min.unix_ns() > Int128{time.unix_ns()} + slack_ns_;
}

std::optional<TimeSpan> Coverage::confirm(std::uint64_t last_id, EventTime time) {
  // 0: the venue does not know either. Below what is known already, it is refuted or says less.
  if (last_id == 0 || last_id < known_last_ || last_id < newest_id()) return std::nullopt;
  const bool is_higher = last_id > known_last_;
  const std::uint64_t known_before = known_last_;
  const EventTime known_time_before = known_last_time_;
  const EventTime was_confirmed = confirmed_until();
  known_last_ = last_id;
  known_last_time_ = is_higher ? time : std::min(known_last_time_, time);
  known_last_until_ = is_higher ? time : std::max(known_last_until_, time);

  if (runs_.empty()) return std::nullopt;
  const IdRun& newest = runs_.back();
  if (last_id > newest.last) {
    // The far edge of the hole moves, or the hole opens where something was confirmed before.
    if (known_before > newest.last) {
      if (known_last_time_ == known_time_before) return std::nullopt;
      return hull(known_time_before, known_last_time_);
    }
    return hull(hull(newest.last_time, time), hull(newest.last_time, was_confirmed));
  }
  if (confirmed_until() == was_confirmed) return std::nullopt;
  return TimeSpan{was_confirmed, confirmed_until()};
}

TimeSpan Coverage::add_late(const TradeId& id, std::uint64_t last_fill, EventTime time) {
  any_late_ = true;
  late_.insert({id, last_fill, time});
  LateTime* at_time = late_times_.find(time);
  if (at_time == nullptr) at_time = &late_times_.insert({time, 0});
  ++at_time->ids;
  return {time, time};
}

std::optional<TimeSpan> Coverage::take_late(const TradeId& id) {
  const auto at = late_.lower_bound(id);
  if (at == late_.end() || late_.at(at).id != id) return std::nullopt;
  const EventTime time = late_.at(at).time;
  late_.erase(at);
  const auto at_time = late_times_.lower_bound(time);
  if (--late_times_.at(at_time).ids == 0) late_times_.erase(at_time);
  any_late_ = !late_.empty();
  return TimeSpan{time, time};
}

bool Coverage::settle(IdSpan ids) {
  if (ids.first > ids.last || holds(ids.first, ids.last) == Held::kAll) return false;
  return settled_.size() < kRunsMax && settled_.add(ids);
}

bool Coverage::finds_late(const TradeId& id) const {
  const auto at = late_.lower_bound(id);
  return at != late_.end() && late_.at(at).id == id;
}

// Where one time out of order took the order from all of them, this keeps a look at many runs from
// being a look at each.
Coverage::Runs::Cursor Coverage::skip_chunks_outside(TimeSpan window, Runs::Cursor at) const {
  while (at.slot == 0) {
    const Times* times = runs_.summary_of(at.chunk);
    if (times == nullptr) break;
    // The hole behind the chunk's last run reaches to the next chunk.
    const Runs::Cursor next = Runs::chunk_begin(at.chunk + 1);
    const EventTime next_time = runs_.at(next).first_time;
    if (overlap(window, {std::min(times->min, next_time), std::max(times->max, next_time)})) break;
    at = next;
  }
  return at;
}

bool Coverage::touches_gap(TimeSpan window) const {
  if (runs_.empty()) return false;
  if (known_last_ > runs_.back().last &&
      overlap(window, hull(runs_.back().last_time, known_last_time_))) {
    return true;
  }
  if (runs_.size() == 1) return false;
  // An id far above all others leaves a hole over everything since: it is looked at first.
  const Runs::Cursor newest = runs_.previous(runs_.end());
  if (overlap(window,
              hull(runs_.at(runs_.previous(newest)).last_time, runs_.at(newest).first_time))) {
    return true;
  }
  auto at = first_run_near(window.from);
  if (at != runs_.begin()) at = runs_.previous(at);
  for (;;) {
    at = skip_chunks_outside(window, at);
    const Runs::Cursor next = runs_.next(at);
    if (next == runs_.end()) return false;
    if (overlap(window, hull(runs_.at(at).last_time, runs_.at(next).first_time))) return true;
    if (is_past(runs_.at(at), window.to)) return false;
    at = next;
  }
}

// By the order of ids: times in the middle of a run prove nothing of its ends.
bool Coverage::is_covered(EventTime start, EventTime end) const {
  if (runs_.empty()) return false;
  if (runs_.back().first_time < start && confirmed_until() >= end) return true;
  for (auto at = first_run_near(end); at != runs_.end(); at = runs_.next(at)) {
    at = skip_chunks_outside({start, end}, at);
    const IdRun& run = runs_.at(at);
    if (run.first_time < start && run.last_time >= end) return true;
    if (is_past(run, start)) return false;
  }
  return false;
}

bool Coverage::has_late(TimeSpan window) const {
  const auto at = late_times_.lower_bound(window.from);
  return at != late_times_.end() && late_times_.at(at).time <= window.to;
}

Quality Coverage::quality(EventTime start, EventTime end) const {
  const TimeSpan window{start, end - Duration(1)};
  if (any_late_ && has_late(window)) return Quality::kGap;
  if (touches_gap(window)) return Quality::kGap;
  return is_covered(start, end) ? Quality::kComplete : Quality::kUnknown;
}

std::vector<IdRun> Coverage::runs(IdSpan within) const {
  std::vector<IdRun> out;
  if (within == kAllIds) out.reserve(runs_.size());
  for (auto at = runs_.lower_bound(within.first);
       at != runs_.end() && runs_.at(at).first <= within.last; at = runs_.next(at)) {
    out.push_back(runs_.at(at));
  }
  return out;
}

template <typename OnGap>
void Coverage::split_hole(IdGap hole, OnGap& on_gap) const {
  // Ids inside the hole that came late are named apart from those that never came.
  std::uint64_t next = hole.first;
  auto at = any_late_ ? late_.lower_bound(TradeId(hole.first)) : late_.end();
  while (at != late_.end() && late_.at(at).id.is_number() &&
         late_.at(at).id.number() <= hole.last) {
    // Aggregated trades may overlap: each id is named once.
    const std::uint64_t first = std::max(next, late_.at(at).id.number());
    std::uint64_t last = late_.at(at).last_fill;
    for (at = late_.next(at);
         at != late_.end() && late_.at(at).id.is_number() && late_.at(at).id.number() <= last + 1;
         at = late_.next(at)) {
      last = std::max(last, late_.at(at).last_fill);
    }
    last = std::min(last, hole.last);
    if (last < first) continue;
    if (first > next) {
      split_by_state({next, first - 1, hole.from_time, hole.to_time, hole.cause}, on_gap);
    }
    on_gap({first, last, hole.from_time, hole.to_time, GapCause::kLate});
    next = last + 1;
  }
  if (next <= hole.last && next != 0) {
    split_by_state({next, hole.last, hole.from_time, hole.to_time, hole.cause}, on_gap);
  }
}

template <typename OnGap>
void Coverage::split_by_state(IdGap gap, OnGap& on_gap) const {
  const std::uint64_t last = gap.last;
  while (!settled_.empty()) {
    const auto gone = settled_.first_in({gap.first, last});
    if (!gone) break;
    if (gone->first > gap.first) {
      gap.last = gone->first - 1;
      on_gap(gap);
    }
    IdGap lost = gap;
    lost.first = gone->first;
    lost.last = gone->last;
    lost.state = GapState::kUnrecoverable;
    on_gap(lost);
    if (gone->last == last) return;
    gap.first = gone->last + 1;
  }
  gap.last = last;
  on_gap(gap);
}

// Late ids where no hole is known: below everything that was received, or above.
template <typename OnGap>
void Coverage::name_late(std::uint64_t first, std::uint64_t last, OnGap& on_gap) const {
  if (!any_late_) return;
  for (auto at = late_.lower_bound(TradeId(first));
       at != late_.end() && late_.at(at).id.is_number() && late_.at(at).id.number() <= last;
       at = late_.next(at)) {
    const Late& late = late_.at(at);
    const std::uint64_t last_fill = std::max(late.id.number(), std::min(late.last_fill, last));
    on_gap({late.id.number(), last_fill, late.time, late.time, GapCause::kLate});
  }
}

template <typename OnGap>
void Coverage::split_hole_behind(Runs::Cursor at, OnGap& on_gap) const {
  const IdRun& left = runs_.at(at);
  const IdRun& right = runs_.at(runs_.next(at));
  const TimeSpan span = hull(left.last_time, right.first_time);
  split_hole({left.last + 1, right.first - 1, span.from, span.to}, on_gap);
}

template <typename OnGap>
void Coverage::split_behind_newest(OnGap& on_gap) const {
  const IdRun& newest = runs_.back();
  if (known_last_ > newest.last) {
    const TimeSpan span = hull(newest.last_time, known_last_time_);
    split_hole({newest.last + 1, known_last_, span.from, span.to, GapCause::kHeartbeat}, on_gap);
  }
  const std::uint64_t known = std::max(newest.last, known_last_);
  if (known < UINT64_MAX) name_late(known + 1, UINT64_MAX, on_gap);
}

template <typename OnGap>
void Coverage::for_each_gap(IdSpan within, OnGap on_gap) const {
  const auto on_any = [&](const IdGap& gap) {
    if (gap.first >= within.first && gap.first <= within.last) on_gap(gap);
  };
  if (runs_.empty()) return name_late(0, UINT64_MAX, on_any);
  if (runs_.front().first > within.first) name_late(0, runs_.front().first - 1, on_any);
  auto at = runs_.partition_point([&](const IdRun& run) { return run.last < within.first; });
  if (at != runs_.begin()) at = runs_.previous(at);
  for (; runs_.next(at) != runs_.end() && runs_.at(at).last < within.last; at = runs_.next(at)) {
    split_hole_behind(at, on_any);
  }
  if (runs_.back().last < within.last) split_behind_newest(on_any);
}

std::vector<IdGap> Coverage::gaps(IdSpan within) const {
  std::vector<IdGap> out;
  for_each_gap(within, [&](const IdGap& gap) { out.push_back(gap); });
  return out;
}

IdSpan Coverage::around(IdSpan ids) const {
  IdSpan out = kAllIds;
  const auto right = runs_.partition_point(
      [&](const IdRun& run) { return run.first == 0 || run.first - 1 <= ids.last; });
  if (right != runs_.end()) out.last = runs_.at(right).first - 1;
  const auto left =
      runs_.partition_point([&](const IdRun& run) { return run.last + 1 < ids.first; });
  if (left != runs_.begin()) out.first = runs_.at(runs_.previous(left)).last + 1;
  return out;
}

std::vector<IdGap> Coverage::newest_gaps(std::size_t most, Which which) const {
  std::vector<IdGap> newest;  // the newest first
  std::vector<IdGap> some;
  const auto take = [&] {
    for (auto gap = some.rbegin(); gap != some.rend() && newest.size() < most; ++gap) {
      if (which == Which::kAll || gap->is_open() == (which == Which::kOpen)) newest.push_back(*gap);
    }
    some.clear();
  };
  const auto add = [&](const IdGap& gap) { some.push_back(gap); };
  if (!runs_.empty()) {
    split_behind_newest(add);
    take();
    for (auto at = runs_.previous(runs_.end()); at != runs_.begin() && newest.size() < most;
         take()) {
      at = runs_.previous(at);
      split_hole_behind(at, add);
    }
  }
  if (newest.size() < most) {
    if (runs_.empty()) {
      name_late(0, UINT64_MAX, add);
    } else if (runs_.front().first > 0) {
      name_late(0, runs_.front().first - 1, add);
    }
    take();
  }
  std::reverse(newest.begin(), newest.end());
  return newest;
}

std::vector<IdGap> Coverage::oldest_open_gaps(std::size_t most) const {
  std::vector<IdGap> out;
  for_each_gap(kAllIds, [&](const IdGap& gap) {
    if (out.size() < most && gap.is_open()) out.push_back(gap);
  });
  return out;
}

std::vector<IdRun> Coverage::newest_runs(std::size_t most) const {
  std::vector<IdRun> out;
  out.reserve(std::min(most, runs_.size()));
  auto at = runs_.end();
  while (at != runs_.begin() && out.size() < most) {
    at = runs_.previous(at);
    out.push_back(runs_.at(at));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Coverage::Totals Coverage::totals() const {
  Totals out{.runs = runs_.size()};
  for (auto at = runs_.begin(); at != runs_.end(); at = runs_.next(at)) {
    const IdRun& run = runs_.at(at);
    out.received += run.last - run.first + 1;
    out.repaired += run.repaired;
  }
  for_each_gap(kAllIds, [&](const IdGap& gap) {
    const std::uint64_t ids = gap.last - gap.first + 1;
    ++out.gaps;
    out.missing += ids;
    if (gap.is_open()) ++out.open_gaps;
    if (gap.state == GapState::kUnrecoverable) out.unrecoverable += ids;
  });
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

const char* name_of(GapState state) { return state == GapState::kOpen ? "open" : "unrecoverable"; }

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
