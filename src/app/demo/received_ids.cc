// SPDX-License-Identifier: Apache-2.0
#include "app/demo/received_ids.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>

namespace tapeline::app::demo {

EventTime time_reached(const Trade& trade) {
  return std::min(trade.ts_event, EventTime(trade.ts_recv.unix_ns()) + std::chrono::seconds(1));
}

void ReceivedIds::add(IdSpan fills, bool is_backfilled) {
  if (is_backfilled) {
    for (std::uint64_t id = fills.first; id <= fills.last; ++id) backfilled_.push_back(id);
  }
  if (!runs_.empty() && runs_.back().last + 1 == fills.first) {
    runs_.back().last = fills.last;
  } else {
    runs_.push_back(fills);
  }
}

std::uint64_t ReceivedIds::settle() {
  std::sort(backfilled_.begin(), backfilled_.end());
  std::sort(runs_.begin(), runs_.end(),
            [](const IdSpan& a, const IdSpan& b) { return a.first < b.first; });
  std::uint64_t twice = 0;
  std::vector<IdSpan> joined;
  for (const IdSpan& run : runs_) {
    if (joined.empty() || joined.back().last + 1 < run.first) {
      joined.push_back(run);
      continue;
    }
    if (twice == 0 && run.first <= joined.back().last) twice = run.first;
    joined.back().last = std::max(joined.back().last, run.last);
  }
  runs_ = std::move(joined);
  return twice;
}

bool ReceivedIds::drop_below(std::uint64_t id) {
  if (runs_.empty() || runs_.front().first >= id) return false;
  std::erase_if(runs_, [id](const IdSpan& run) { return run.last < id; });
  if (!runs_.empty()) runs_.front().first = std::max(runs_.front().first, id);
  return true;
}

std::vector<IdSpan> ReceivedIds::holes() const {
  std::vector<IdSpan> holes;
  for (std::size_t i = 1; i < runs_.size(); ++i) {
    holes.push_back({runs_[i - 1].last + 1, runs_[i].first - 1});
  }
  return holes;
}

bool ReceivedIds::contains(std::uint64_t id) const {
  const auto behind = std::partition_point(runs_.begin(), runs_.end(),
                                           [id](const IdSpan& run) { return run.first <= id; });
  return behind != runs_.begin() && id <= std::prev(behind)->last;
}

bool ReceivedIds::has_backfilled(std::uint64_t from, std::uint64_t to) const {
  const auto at = std::lower_bound(backfilled_.begin(), backfilled_.end(), from);
  return at != backfilled_.end() && *at < to;
}

WindowJudge::WindowJudge(const sim::TradeHistory& truth, const ReceivedIds& ids)
    : truth_(truth),
      ids_(ids),
      first_time_(truth.at(ids.runs().front().first).ts_event),
      last_time_(truth.at(ids.runs().back().last).ts_event) {
  for (const IdSpan& hole : ids.holes()) {
    holes_.push_back({truth.at(hole.first - 1).ts_event, truth.at(hole.last + 1).ts_event});
  }
}

void WindowJudge::add_hole_at_end(EventTime to) {
  holes_.push_back({last_time_, std::max(last_time_, to)});
}

Verdict WindowJudge::judge(EventTime start, EventTime end) const {
  // The ids that are missing were traded between their neighbours: where exactly, who missed them
  // cannot know.
  const auto hole = std::partition_point(holes_.begin(), holes_.end(),
                                         [start](const Hole& h) { return h.to < start; });
  if (hole != holes_.end() && hole->from < end) return {.quality = Quality::kGap};
  if (first_time_ >= start) return {.quality = Quality::kUnknown};
  const bool is_repaired = ids_.has_backfilled(truth_.first_id_at(start), truth_.first_id_at(end));
  return {.quality = is_repaired ? Quality::kRepaired : Quality::kComplete,
          .may_be_unknown = last_time_ < end};
}

}  // namespace tapeline::app::demo
