// SPDX-License-Identifier: Apache-2.0
#include "model/coverage.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

namespace tapeline {

void PrintTo(Quality quality, std::ostream* out) { *out << name_of(quality); }

namespace {

EventTime at(std::int64_t ns) { return EventTime(ns); }

Quality quality(const Coverage& coverage, std::int64_t start, std::int64_t end) {
  return coverage.quality(at(start), at(end));
}

// One thing that reaches a ledger: ids (an aggregated trade has several), ids that came too late,
// or a heartbeat (first == last: the id it names). Ids by back-fill may have been late before.
struct Arrival {
  enum class Kind { kIds, kLate, kHeartbeat, kBackfilled };
  Kind kind = Kind::kIds;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::int64_t time = 0;
};

void showValue(const Arrival& a, std::ostream& out) {
  constexpr const char* kNames[] = {"ids", "late", "heartbeat", "back-filled ids"};
  out << kNames[static_cast<int>(a.kind)] << ' ' << a.first << ".." << a.last << " @" << a.time;
}

using Change = std::optional<TimeSpan>;

Change apply(Coverage& coverage, const Arrival& a) {
  switch (a.kind) {
    case Arrival::Kind::kIds:
      return coverage.add(a.first, a.last, at(a.time));
    case Arrival::Kind::kLate:
      return coverage.add_late(TradeId(a.first), a.last, at(a.time));
    case Arrival::Kind::kBackfilled: {
      const Change taken = coverage.take_late(TradeId(a.first));
      const Change added = coverage.add(a.first, a.last, at(a.time), true);
      if (!taken || !added) return taken ? taken : added;
      return TimeSpan{std::min(taken->from, added->from), std::max(taken->to, added->to)};
    }
    case Arrival::Kind::kHeartbeat:
      break;
  }
  return coverage.confirm(a.last, at(a.time));
}

// Semantics 8, read slowly, from the set of everything that came. Nothing here knows an order.
class Oracle {
 public:
  void add(const Arrival& a) {
    if (a.kind == Arrival::Kind::kHeartbeat) {
      if (a.last != 0) heartbeats_.emplace_back(a.last, a.time);
      return;
    }
    if (a.kind == Arrival::Kind::kLate) {
      late_.push_back(a);
      return;
    }
    std::erase_if(late_, [&](const Arrival& late) { return late.first == a.first; });
    for (std::uint64_t id = a.first; id <= a.last; ++id) {
      ids_[id] = a.time;
      if (a.kind == Arrival::Kind::kBackfilled) backfilled_.insert(id);
    }
  }

  [[nodiscard]] Coverage::Held holds(std::uint64_t first, std::uint64_t last) const {
    std::uint64_t held = 0;
    for (std::uint64_t id = first; id <= last; ++id) held += ids_.count(id);
    if (held == 0) return Coverage::Held::kNone;
    return held == last - first + 1 ? Coverage::Held::kAll : Coverage::Held::kPart;
  }

  [[nodiscard]] std::vector<IdRun> runs() const {
    std::vector<IdRun> runs;
    for (const auto& [id, time] : ids_) {
      if (runs.empty() || runs.back().last + 1 != id) {
        runs.push_back({id, id, at(time), at(time), at(time), at(time), 0});
      }
      IdRun& run = runs.back();
      run.last = id;
      run.repaired += backfilled_.count(id);
      run.last_time = at(time);
      run.time_min = std::min(run.time_min, at(time));
      run.time_max = std::max(run.time_max, at(time));
    }
    return runs;
  }

  // Without those that came late into a hole: they are in no gap of their own here.
  [[nodiscard]] std::vector<IdGap> gaps() const {
    std::vector<IdGap> gaps;
    for (auto next = ids_.begin(); next != ids_.end(); ++next) {
      if (next == ids_.begin()) continue;
      const auto left = std::prev(next);
      if (left->first + 1 == next->first) continue;
      gaps.push_back({left->first + 1, next->first - 1, at(std::min(left->second, next->second)),
                      at(std::max(left->second, next->second)), GapCause::kLost});
    }
    if (!ids_.empty() && named_last() > ids_.rbegin()->first) {
      const auto& [newest, time] = *ids_.rbegin();
      const std::int64_t named = first_named(named_last());
      gaps.push_back({newest + 1, named_last(), at(std::min(time, named)),
                      at(std::max(time, named)), GapCause::kHeartbeat});
    }
    for (const Arrival& late : late_) {
      const bool is_below = ids_.empty() || late.first < ids_.begin()->first;
      const bool is_above = !is_below && late.first > std::max(ids_.rbegin()->first, named_last());
      if (is_below || is_above) {
        gaps.push_back({late.first, late.last, at(late.time), at(late.time), GapCause::kLate});
      }
    }
    std::sort(gaps.begin(), gaps.end(),
              [](const IdGap& a, const IdGap& b) { return a.first < b.first; });
    return gaps;
  }

  [[nodiscard]] Quality quality(std::int64_t start, std::int64_t end) const {
    for (const Arrival& late : late_) {
      if (start <= late.time && late.time < end) return Quality::kGap;
    }
    for (const IdGap& gap : gaps()) {
      if (gap.cause == GapCause::kLate) continue;
      if (at(start) <= gap.to_time && gap.from_time < at(end)) return Quality::kGap;
    }
    return is_covered(start, end) ? Quality::kComplete : Quality::kUnknown;
  }

 private:
  [[nodiscard]] std::uint64_t named_last() const {
    std::uint64_t last = 0;
    for (const auto& [id, time] : heartbeats_) last = std::max(last, id);
    return last;
  }

  [[nodiscard]] std::int64_t first_named(std::uint64_t named) const {
    std::int64_t first = INT64_MAX;
    for (const auto& [id, time] : heartbeats_) {
      if (id == named) first = std::min(first, time);
    }
    return first;
  }

  // A heartbeat counts up to where nothing that came refutes it.
  [[nodiscard]] std::int64_t true_until(std::uint64_t named, std::int64_t time) const {
    for (const auto& [id, trade_time] : ids_) {
      if (id > named) time = std::min(time, trade_time);
    }
    for (const auto& [id, heard] : heartbeats_) {
      if (id > named) time = std::min(time, heard);
    }
    return time;
  }

  [[nodiscard]] bool is_covered(std::int64_t start, std::int64_t end) const {
    for (const IdRun& run : runs()) {
      if (run.first_time >= at(start)) continue;
      if (run.last_time >= at(end)) return true;
      for (const auto& [id, time] : heartbeats_) {
        if (run.first <= id && id <= run.last && true_until(id, time) >= end) return true;
      }
    }
    return false;
  }

  std::map<std::uint64_t, std::int64_t> ids_;
  std::set<std::uint64_t> backfilled_;
  std::vector<std::pair<std::uint64_t, std::int64_t>> heartbeats_;
  std::vector<Arrival> late_;
};

constexpr std::int64_t kStep = 10;  // between the times of two ids, mostly

std::int64_t any_time() { return *rc::gen::inRange<std::int64_t>(0, 320); }

// What its id says; equal to its neighbours or anything at all, so many times of twenty.
std::int64_t time_of(std::uint64_t id, int disorder) {
  const auto orderly = static_cast<std::int64_t>(id) * kStep;
  const int how = *rc::gen::inRange(0, 20);
  if (how == 0 && disorder > 0) return any_time();
  return how < disorder ? orderly - *rc::gen::inRange<std::int64_t>(0, 4 * kStep) : orderly;
}

// Ids from 1 on, some of them missing or late, with heartbeats between: in any order.
std::vector<Arrival> any_history() {
  std::vector<Arrival> history;
  const int disorder = *rc::gen::element(0, 4, 12);
  const auto ids = *rc::gen::inRange<std::uint64_t>(1, 30);
  for (std::uint64_t first = 1; first <= ids;) {
    const bool is_aggregated = *rc::gen::inRange(0, 5) == 0;
    const std::uint64_t last = first + (is_aggregated ? *rc::gen::inRange<std::uint64_t>(0, 4) : 0);
    const int fate = *rc::gen::inRange(0, 12);
    if (fate != 0) {
      const auto kind = fate == 1   ? Arrival::Kind::kLate
                        : fate == 2 ? Arrival::Kind::kBackfilled
                                    : Arrival::Kind::kIds;
      history.push_back({kind, first, last, time_of(first, disorder)});
    }
    first = last + 1;
  }
  const auto latest = *rc::gen::inRange<std::uint64_t>(0, ids + 4);
  for (int left = *rc::gen::inRange(0, 5); left > 0; --left) {
    const bool is_latest = *rc::gen::arbitrary<bool>();  // often the same id again
    const auto id = is_latest ? latest : *rc::gen::inRange<std::uint64_t>(0, ids + 4);
    const auto after = *rc::gen::inRange<std::int64_t>(0, 2 * kStep);
    history.push_back({Arrival::Kind::kHeartbeat, id, id, time_of(id, disorder) + after});
  }
  return history;
}

// By few swaps or many.
std::vector<Arrival> shuffled(std::vector<Arrival> history) {
  const auto swaps = *rc::gen::inRange<std::size_t>(0, 2 * history.size() + 1);
  const auto place = rc::gen::inRange<std::size_t>(0, std::max<std::size_t>(1, history.size()));
  for (std::size_t i = 0; i < swaps; ++i) std::swap(history[*place], history[*place]);
  return history;
}

std::vector<Arrival> any_arrivals() {
  return *rc::gen::exec([] { return shuffled(any_history()); }).as("arrivals");
}

using Window = std::pair<std::int64_t, std::int64_t>;

std::vector<Window> make_windows() {
  std::vector<Window> windows;
  for (std::int64_t start = -kStep; start < 340; start += kStep) {
    windows.emplace_back(start, start + kStep);
    windows.emplace_back(start, start + 3 * kStep);
    const std::int64_t odd = any_time();
    windows.emplace_back(odd, odd + *rc::gen::inRange<std::int64_t>(1, 60));
  }
  return windows;
}

std::vector<Window> any_windows() { return *rc::gen::exec(make_windows); }

// Gaps without their late ids, which the ledger names apart within them.
std::vector<IdGap> whole_gaps(const std::vector<IdGap>& gaps) {
  std::vector<IdGap> whole;
  for (const IdGap& gap : gaps) {
    const bool same = !whole.empty() && whole.back().last + 1 == gap.first &&
                      whole.back().from_time == gap.from_time &&
                      whole.back().to_time == gap.to_time;
    if (same) {
      whole.back().last = gap.last;
      if (whole.back().cause == GapCause::kLate) whole.back().cause = gap.cause;
    } else {
      whole.push_back(gap);
    }
  }
  return whole;
}

// The cause of a gap that is late as a whole is not the oracle's to know.
bool is_same_gap(const IdGap& ours, const IdGap& expected) {
  IdGap as_expected = ours;
  if (ours.cause == GapCause::kLate) as_expected.cause = expected.cause;
  return as_expected == expected;
}

RC_GTEST_PROP(Coverage, says_what_the_set_of_all_arrivals_says, ()) {
  Coverage coverage;
  Oracle oracle;
  for (const Arrival& arrival : any_arrivals()) {
    apply(coverage, arrival);
    oracle.add(arrival);
  }
  RC_ASSERT(coverage.runs() == oracle.runs());
  const auto gaps = whole_gaps(coverage.gaps());
  const auto expected = whole_gaps(oracle.gaps());
  RC_ASSERT(std::equal(gaps.begin(), gaps.end(), expected.begin(), expected.end(), is_same_gap));
  for (const auto& [start, end] : any_windows()) {
    if (quality(coverage, start, end) != oracle.quality(start, end)) {
      RC_LOG() << '[' << start << ", " << end << ") is " << name_of(quality(coverage, start, end))
               << ", expected " << name_of(oracle.quality(start, end));
      RC_FAIL("quality");
    }
  }
}

// What is looked at in part is the same part of what is looked at whole.
RC_GTEST_PROP(Coverage, gives_the_runs_and_gaps_of_a_part_and_sums_them_up, ()) {
  Coverage coverage;
  for (const Arrival& arrival : any_arrivals()) apply(coverage, arrival);
  coverage.settle(
      {*rc::gen::inRange<std::uint64_t>(0, 36), *rc::gen::inRange<std::uint64_t>(0, 36)});
  const auto any_id = rc::gen::element<std::uint64_t>(0, 3, 9, 10, 17, 25, 30, 36, UINT64_MAX);
  const IdSpan within{*any_id, *any_id};
  const auto is_elsewhere = [&](const auto& row) {
    return row.first < within.first || row.first > within.last;
  };
  auto runs = coverage.runs();
  auto gaps = coverage.gaps();
  Coverage::Totals totals{.runs = runs.size(), .gaps = gaps.size()};
  for (const IdRun& run : runs) {
    totals.received += run.last - run.first + 1;
    totals.repaired += run.repaired;
  }
  std::vector<IdGap> open;
  for (const IdGap& gap : gaps) {
    if (gap.is_open()) open.push_back(gap);
    totals.missing += gap.last - gap.first + 1;
    if (gap.state == GapState::kUnrecoverable) totals.unrecoverable += gap.last - gap.first + 1;
  }
  totals.open_gaps = open.size();
  RC_ASSERT(coverage.totals() == totals);

  const auto most = *rc::gen::inRange<std::size_t>(0, 5);
  const auto newest_of = [&](auto all) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), most)));
    return all;
  };
  RC_ASSERT(coverage.newest_runs(most) == newest_of(runs));
  RC_ASSERT(coverage.newest_gaps(most) == newest_of(gaps));
  RC_ASSERT(coverage.newest_gaps(most, Coverage::Which::kOpen) == newest_of(open));
  std::vector<IdGap> oldest = open;
  oldest.resize(std::min(most, open.size()));
  RC_ASSERT(coverage.oldest_open_gaps(most) == oldest);
  auto others = gaps;
  std::erase_if(others, [](const IdGap& gap) { return gap.is_open(); });
  RC_ASSERT(coverage.newest_gaps(most, Coverage::Which::kOthers) == newest_of(others));

  std::erase_if(runs, is_elsewhere);
  std::erase_if(gaps, is_elsewhere);
  RC_ASSERT(coverage.runs(within) == runs);
  RC_ASSERT(coverage.gaps(within) == gaps);
}

RC_GTEST_PROP(Coverage, holds_exactly_the_ids_that_were_added, ()) {
  Coverage coverage;
  Oracle oracle;
  for (const Arrival& arrival : any_arrivals()) {
    apply(coverage, arrival);
    oracle.add(arrival);
    const auto first = *rc::gen::inRange<std::uint64_t>(0, 36);
    const auto last = first + *rc::gen::inRange<std::uint64_t>(0, 8);
    RC_ASSERT(coverage.holds(first, last) == oracle.holds(first, last));
    const auto runs = oracle.runs();
    RC_ASSERT(coverage.empty() == runs.empty());
    RC_ASSERT(coverage.newest_id() == (runs.empty() ? 0 : runs.back().last));
  }
}

RC_GTEST_PROP(Coverage, the_order_of_arrival_does_not_matter, ()) {
  const std::vector<Arrival> arrivals = any_arrivals();
  Coverage one;
  Coverage other;
  for (const Arrival& arrival : arrivals) apply(one, arrival);
  for (const Arrival& arrival : *rc::gen::exec([&] { return shuffled(arrivals); })) {
    apply(other, arrival);
  }
  RC_ASSERT(one.runs() == other.runs());
  RC_ASSERT(one.gaps() == other.gaps());
  RC_ASSERT(one.confirmed_until() == other.confirmed_until());
  for (const auto& [start, end] : any_windows()) {
    RC_ASSERT(quality(one, start, end) == quality(other, start, end));
  }
}

// What bars rest on: they look again at the windows that touch the span, and after nothing at
// those that end behind what was confirmed.
RC_GTEST_PROP(Coverage, every_window_that_changes_was_announced, ()) {
  Coverage coverage;
  const std::vector<Window> windows = any_windows();
  for (const Arrival& arrival : any_arrivals()) {
    std::vector<Quality> before;
    before.reserve(windows.size());
    for (const auto& [start, end] : windows) before.push_back(quality(coverage, start, end));
    const EventTime confirmed = coverage.confirmed_until();
    const Change change = apply(coverage, arrival);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const auto& [start, end] = windows[i];
      if (quality(coverage, start, end) == before[i]) continue;
      const bool is_announced =
          change ? at(start) <= change->to && at(end - 1) >= change->from : at(end) > confirmed;
      if (is_announced) continue;
      RC_LOG() << "silent: [" << start << ", " << end << ") from " << name_of(before[i]) << " to "
               << name_of(quality(coverage, start, end)) << " by ";
      showValue(arrival, RC_LOG());
      RC_FAIL("announced");
    }
  }
}

TEST(Coverage, a_window_is_complete_between_an_id_before_it_and_one_at_its_end) {
  Coverage coverage;
  coverage.add(1, 1, at(9));
  EXPECT_EQ(quality(coverage, 10, 20), Quality::kUnknown);
  coverage.add(2, 2, at(19));
  EXPECT_EQ(quality(coverage, 10, 20), Quality::kUnknown);
  coverage.add(3, 3, at(20));
  EXPECT_EQ(quality(coverage, 10, 20), Quality::kComplete);
  EXPECT_EQ(quality(coverage, 9, 20), Quality::kUnknown) << "what came before at 9 is not known";
  EXPECT_EQ(quality(coverage, 10, 21), Quality::kUnknown);
}

TEST(Coverage, one_odd_time_in_a_run_proves_neither_its_beginning_nor_its_end) {
  Coverage coverage;
  coverage.add(1, 1, at(30));
  coverage.add(2, 2, at(9'000));
  coverage.add(3, 3, at(70));
  EXPECT_EQ(quality(coverage, 60, 120), Quality::kUnknown) << "the feed died at 70";
  coverage.add(4, 4, at(5));
  coverage.add(5, 5, at(80));
  EXPECT_EQ(quality(coverage, 10, 40), Quality::kUnknown) << "whether 0 came after 10 is not known";
}

TEST(Coverage, an_id_far_above_the_others_announces_only_what_changes) {
  Coverage coverage;
  coverage.add(1'000'000'000'000, 1'000'000'000'000, at(0));
  coverage.add(1, 1, at(0));
  for (std::uint64_t id = 2; id < 100; ++id) {
    const auto time = static_cast<std::int64_t>(id) * 10;
    EXPECT_EQ(coverage.add(id, id, at(time)), (TimeSpan{at(id == 2 ? 0 : time - 10), at(time)}));
  }
  EXPECT_EQ(quality(coverage, 500, 510), Quality::kGap);
}

TEST(Coverage, a_heartbeat_far_above_the_ids_announces_only_what_changes) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.confirm(1'000'000'000'000, at(20));
  for (std::uint64_t id = 2; id < 100; ++id) {
    const auto time = static_cast<std::int64_t>(id) * 10;
    EXPECT_EQ(coverage.add(id, id, at(time)), (TimeSpan{at(time - 10), at(time)}));
  }
  EXPECT_EQ(coverage.confirm(2'000'000'000'000, at(2'000)), (TimeSpan{at(20), at(2'000)}));
}

// A million lookups that each passed over all runs would take minutes.
TEST(Coverage, one_time_out_of_order_leaves_windows_quick_to_find) {
  constexpr std::uint64_t kIds = 200'000;
  Coverage coverage;
  const auto time_of = [](std::uint64_t id) { return static_cast<std::int64_t>(id) * 1'000; };
  for (std::uint64_t id = 1; id < kIds; id += 2) {
    coverage.add(id, id, at(time_of(id) - (id == 1'001 ? 5'000 : 0)));
  }
  for (std::uint64_t id = 10; id < kIds - 10; ++id) {
    ASSERT_EQ(quality(coverage, time_of(id), time_of(id + 1)), Quality::kGap) << id;
    ASSERT_EQ(quality(coverage, time_of(kIds) + 1, time_of(kIds) + 2), Quality::kUnknown);
  }
}

TEST(Coverage, windows_are_found_though_the_newest_run_grew_before_later_ones_went_back_in_time) {
  Coverage coverage;
  coverage.add(1, 1, at(300));
  coverage.add(2, 2, at(316));
  coverage.add(10, 10, at(274));
  coverage.add(20, 20, at(270));
  EXPECT_EQ(quality(coverage, 316, 317), Quality::kGap) << "3 came between 316 and 274";
}

TEST(Coverage, runs_that_become_one_announce_what_only_one_of_them_covered) {
  Coverage coverage;
  coverage.add(1, 1, at(480));
  coverage.add(2, 2, at(453));
  coverage.add(4, 4, at(478));
  coverage.add(5, 5, at(496));
  EXPECT_EQ(quality(coverage, 480, 490), Quality::kComplete);
  EXPECT_EQ(coverage.add(3, 3, at(474)), (TimeSpan{at(453), at(480)}));
  EXPECT_EQ(quality(coverage, 480, 490), Quality::kUnknown) << "0 may have come at 485";
}

TEST(Coverage, a_hole_taints_every_window_between_its_neighbours) {
  Coverage coverage;
  for (std::uint64_t id = 1; id < 10; ++id) {
    if (id != 5) coverage.add(id, id, at(static_cast<std::int64_t>(id) * 10));
  }
  EXPECT_EQ(quality(coverage, 30, 40), Quality::kComplete);
  EXPECT_EQ(quality(coverage, 40, 41), Quality::kGap) << "5 may have come as soon as 4";
  EXPECT_EQ(quality(coverage, 45, 46), Quality::kGap);
  EXPECT_EQ(quality(coverage, 60, 61), Quality::kGap) << "5 may have come as late as 6";
  EXPECT_EQ(quality(coverage, 20, 80), Quality::kGap);
  EXPECT_EQ(quality(coverage, 61, 80), Quality::kComplete);
  coverage.add(5, 5, at(50));
  EXPECT_EQ(quality(coverage, 20, 80), Quality::kComplete);
}

TEST(Coverage, ids_that_only_prolong_the_newest_run_announce_nothing) {
  Coverage coverage;
  EXPECT_TRUE(coverage.add(7, 7, at(70)));
  EXPECT_FALSE(coverage.add(8, 9, at(80)));
  EXPECT_FALSE(coverage.add(10, 10, at(80)));
  EXPECT_EQ(coverage.runs(), std::vector({IdRun{7, 10, at(70), at(80), at(70), at(80)}}));
}

TEST(Coverage, an_id_that_comes_with_an_earlier_time_takes_back_what_the_one_before_it_confirmed) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(2, 2, at(50));
  EXPECT_EQ(quality(coverage, 11, 50), Quality::kComplete);
  EXPECT_EQ(coverage.add(3, 3, at(40)), (TimeSpan{at(40), at(50)}));
  EXPECT_EQ(coverage.confirmed_until(), at(40));
  EXPECT_EQ(quality(coverage, 11, 50), Quality::kUnknown) << "4 may come at 45";
  EXPECT_EQ(quality(coverage, 11, 40), Quality::kComplete);
  coverage.add(5, 5, at(60));
  EXPECT_EQ(quality(coverage, 20, 40), Quality::kComplete);
  EXPECT_EQ(quality(coverage, 30, 41), Quality::kGap) << "4 lies behind 3, which came at 40";
}

TEST(Coverage, a_hole_before_a_run_out_of_time_order_reaches_to_its_first_id) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(3, 3, at(50));
  coverage.add(4, 4, at(30));
  coverage.add(6, 6, at(100));
  EXPECT_EQ(quality(coverage, 40, 45), Quality::kGap) << "2 came between 10 and 50";
}

TEST(Coverage, a_heartbeat_completes_the_windows_it_reaches) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(2, 2, at(20));
  EXPECT_EQ(coverage.confirm(2, at(90)), (TimeSpan{at(20), at(90)}));
  EXPECT_EQ(quality(coverage, 11, 90), Quality::kComplete);
  EXPECT_EQ(quality(coverage, 11, 91), Quality::kUnknown);
  EXPECT_EQ(coverage.confirmed_until(), at(90));
  EXPECT_EQ(coverage.confirm(2, at(90)), std::nullopt) << "says it again";
}

TEST(Coverage, a_heartbeat_opens_a_hole_which_its_ids_close) {
  Coverage coverage;
  coverage.add(1, 2, at(20));
  coverage.confirm(4, at(50));
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{3, 4, at(20), at(50), GapCause::kHeartbeat}}));
  EXPECT_EQ(quality(coverage, 50, 60), Quality::kGap);
  EXPECT_EQ(quality(coverage, 51, 60), Quality::kUnknown);
  coverage.confirm(4, at(80));
  EXPECT_EQ(quality(coverage, 51, 60), Quality::kUnknown) << "named again: the hole stays there";
  coverage.add(3, 3, at(30));
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{4, 4, at(30), at(50), GapCause::kHeartbeat}}));
  coverage.add(4, 4, at(40));
  EXPECT_TRUE(coverage.gaps().empty());
  EXPECT_EQ(quality(coverage, 21, 80), Quality::kComplete);
}

TEST(Coverage, the_far_end_of_a_hole_is_when_its_last_id_was_named_first) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.confirm(3, at(50));
  EXPECT_EQ(coverage.confirm(3, at(60)), std::nullopt);
  EXPECT_EQ(coverage.confirm(3, at(40)), (TimeSpan{at(40), at(50)})) << "an older one came later";
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{2, 3, at(10), at(40), GapCause::kHeartbeat}}));
  EXPECT_EQ(coverage.confirm(2, at(90)), std::nullopt) << "3 is known to exist";
}

TEST(Coverage, a_heartbeat_counts_that_came_before_the_id_it_names) {
  Coverage coverage;
  coverage.confirm(2, at(90));
  EXPECT_EQ(quality(coverage, 11, 90), Quality::kUnknown);
  coverage.add(1, 1, at(10));
  EXPECT_EQ(quality(coverage, 11, 90), Quality::kGap);
  coverage.add(2, 2, at(20));
  EXPECT_EQ(quality(coverage, 11, 90), Quality::kComplete);
}

TEST(Coverage, an_id_that_refutes_a_heartbeat_ends_what_it_confirmed) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.confirm(1, at(90));
  EXPECT_EQ(quality(coverage, 11, 80), Quality::kComplete);
  EXPECT_EQ(coverage.add(2, 2, at(30)), (TimeSpan{at(10), at(90)}));
  EXPECT_EQ(quality(coverage, 11, 80), Quality::kUnknown) << "something did come before 90";
  EXPECT_EQ(quality(coverage, 11, 30), Quality::kComplete);
}

TEST(Coverage, a_heartbeat_without_an_id_says_nothing) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  EXPECT_EQ(coverage.confirm(0, at(90)), std::nullopt);
  EXPECT_EQ(coverage.confirmed_until(), at(10));
}

TEST(Coverage, late_ids_make_a_gap_and_are_named_apart_from_lost_ones) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(9, 9, at(90));
  EXPECT_EQ(coverage.add_late(TradeId(4), 5, at(200)), (TimeSpan{at(200), at(200)}));
  coverage.add_late(TradeId(6), 6, at(60));
  coverage.add_late(*TradeId::parse("x"), 0, at(300));
  EXPECT_TRUE(coverage.is_late(TradeId(4)));
  EXPECT_FALSE(coverage.is_late(TradeId(5))) << "known by the first of its fills";
  EXPECT_TRUE(coverage.is_late(*TradeId::parse("x")));
  EXPECT_EQ(quality(coverage, 200, 201), Quality::kGap);
  EXPECT_EQ(quality(coverage, 201, 300), Quality::kUnknown);
  EXPECT_EQ(quality(coverage, 300, 301), Quality::kGap);
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{2, 3, at(10), at(90), GapCause::kLost},
                                          IdGap{4, 6, at(10), at(90), GapCause::kLate},
                                          IdGap{7, 8, at(10), at(90), GapCause::kLost}}));
}

TEST(Coverage, late_ids_that_overlap_are_named_once) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(20, 20, at(90));
  coverage.add_late(TradeId(5), 7, at(50));
  coverage.add_late(TradeId(6), 8, at(50));
  coverage.add_late(TradeId(12), 18, at(50));
  coverage.add_late(TradeId(13), 14, at(50));
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{2, 4, at(10), at(90), GapCause::kLost},
                                          IdGap{5, 8, at(10), at(90), GapCause::kLate},
                                          IdGap{9, 11, at(10), at(90), GapCause::kLost},
                                          IdGap{12, 18, at(10), at(90), GapCause::kLate},
                                          IdGap{19, 19, at(10), at(90), GapCause::kLost}}));
}

TEST(Coverage, late_ids_outside_every_hole_are_gaps_of_their_own) {
  Coverage coverage;
  coverage.add_late(TradeId(9), 9, at(5));
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{9, 9, at(5), at(5), GapCause::kLate}}));
  coverage.add(10, 12, at(10));
  coverage.add_late(TradeId(14), 15, at(6));
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{9, 9, at(5), at(5), GapCause::kLate},
                                          IdGap{14, 15, at(6), at(6), GapCause::kLate}}));
}

TEST(Coverage, the_highest_ids_make_runs_and_gaps_like_any_other) {
  constexpr std::uint64_t kTop = UINT64_MAX - 1;
  Coverage coverage;
  coverage.add(kTop, kTop, at(50));
  coverage.add(0, 0, at(10));
  EXPECT_EQ(coverage.holds(0, kTop), Coverage::Held::kPart);
  EXPECT_EQ(coverage.holds(1, kTop - 1), Coverage::Held::kNone);
  EXPECT_EQ(coverage.gaps(), std::vector({IdGap{1, kTop - 1, at(10), at(50), GapCause::kLost}}));
  coverage.add(1, kTop - 1, at(30));
  EXPECT_EQ(coverage.holds(0, kTop), Coverage::Held::kAll);
  EXPECT_TRUE(coverage.gaps().empty());
}

TEST(Coverage, a_late_id_that_is_admitted_after_all_leaves_no_trace) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(3, 3, at(30));
  coverage.add_late(TradeId(2), 2, at(20));
  coverage.add_late(TradeId(99), 99, at(20));
  EXPECT_EQ(coverage.take_late(TradeId(7)), std::nullopt);
  EXPECT_EQ(coverage.take_late(TradeId(2)), (TimeSpan{at(20), at(20)}));
  coverage.add(2, 2, at(20), true);
  EXPECT_FALSE(coverage.is_late(TradeId(2)));
  EXPECT_EQ(quality(coverage, 15, 25), Quality::kGap) << "another late id has that time";
  coverage.take_late(TradeId(99));
  EXPECT_EQ(quality(coverage, 15, 25), Quality::kComplete);
  EXPECT_EQ(coverage.gaps(), std::vector<IdGap>{});
}

TEST(Coverage, what_is_settled_and_not_here_is_unrecoverable) {
  Coverage coverage;
  coverage.add(1, 1, at(10));
  coverage.add(9, 9, at(90));
  EXPECT_TRUE(coverage.settle({3, 5}));
  EXPECT_FALSE(coverage.settle({4, 5}));
  EXPECT_FALSE(coverage.settle({5, 4}));
  EXPECT_FALSE(coverage.settle({9, 9})) << "it is here";
  EXPECT_TRUE(coverage.settle({8, 20}));
  coverage.add(4, 4, at(40), true);
  const auto gap = [](std::uint64_t first, std::uint64_t last, std::int64_t from, std::int64_t to,
                      GapState state) {
    return IdGap{first, last, at(from), at(to), GapCause::kLost, state};
  };
  EXPECT_EQ(coverage.gaps(),
            (std::vector<IdGap>{
                gap(2, 2, 10, 40, GapState::kOpen), gap(3, 3, 10, 40, GapState::kUnrecoverable),
                gap(5, 5, 40, 90, GapState::kUnrecoverable), gap(6, 7, 40, 90, GapState::kOpen),
                gap(8, 8, 40, 90, GapState::kUnrecoverable)}));
  EXPECT_EQ(quality(coverage, 15, 25), Quality::kGap);

  ByteWriter out;
  coverage.save(out);
  const std::string bytes(out.joined());
  Coverage loaded;
  ByteReader in(bytes);
  loaded.load(in);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(loaded.gaps(), coverage.gaps());
  EXPECT_EQ(loaded.runs(), coverage.runs());
}

}  // namespace
}  // namespace tapeline
