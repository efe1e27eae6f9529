// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "model/coverage.h"
#include "model/trade.h"
#include "sim/market/truth.h"

namespace tapeline::app::demo {

// How far a trade moves its instrument's time on: a venue's clock may be ahead of ours, but is
// followed for a second only.
[[nodiscard]] EventTime time_reached(const Trade& trade);

// Ids, both ends included.
struct IdSpan {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend bool operator==(const IdSpan&, const IdSpan&) = default;
};

// Which trades of an instrument came, as a store says it. In the check's own words, because what it
// checks counts ids too.
class ReceivedIds {
 public:
  void add(IdSpan fills, bool is_backfilled);
  // Once, when all are there. Gives the first id that came twice, or 0.
  std::uint64_t settle();
  // Forgets what is below: the truth does not know it any more. Whether there was something.
  bool drop_below(std::uint64_t id);

  // From here on: after settle().
  [[nodiscard]] const std::vector<IdSpan>& runs() const { return runs_; }
  // What lies between the runs.
  [[nodiscard]] std::vector<IdSpan> holes() const;
  [[nodiscard]] bool contains(std::uint64_t id) const;
  // Whether one of the ids [from, to) came out of the venue's history.
  [[nodiscard]] bool has_backfilled(std::uint64_t from, std::uint64_t to) const;

 private:
  std::vector<IdSpan> runs_;
  std::vector<std::uint64_t> backfilled_;
};

struct Verdict {
  Quality quality = Quality::kUnknown;
  // Behind the newest id that came, without a hole: unless the venue has said that there was no
  // more, nobody can know.
  bool may_be_unknown = false;
};

// What a window's quality has to be, by which ids came and by when they were really traded.
class WindowJudge {
 public:
  // Both outlive it. At least one id came, and the truth remembers all that did.
  WindowJudge(const sim::TradeHistory& truth, const ReceivedIds& ids);

  // Adds a hole behind the newest id that came, of which the venue has told until `to`.
  void add_hole_at_end(EventTime to);

  [[nodiscard]] Verdict judge(EventTime start, EventTime end) const;
  [[nodiscard]] EventTime first_time() const { return first_time_; }

 private:
  struct Hole {  // the times of its neighbours
    EventTime from;
    EventTime to;
  };

  const sim::TradeHistory& truth_;
  const ReceivedIds& ids_;
  EventTime first_time_;
  EventTime last_time_;
  std::vector<Hole> holes_;  // ascending
};

}  // namespace tapeline::app::demo
