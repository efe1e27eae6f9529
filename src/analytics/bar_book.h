// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/sorted_chunks.h"
#include "model/bar.h"
#include "model/coverage.h"
#include "model/watermark.h"
#include "stream/operator.h"
#include "stream/window.h"

namespace tapeline::analytics {

// All bars of one instrument, of every interval, with what their quality depends on. A trade costs
// one update of the shortest window; longer windows merge shorter ones as these pass. A trade that
// is behind goes to each window of its own, and revises at the next tick those that have closed.
// Belongs to one Bars operator; one thread.
class BarBook {
 public:
  BarBook(InstrumentId instrument, const stream::IntervalPlan& plan, WatermarkOptions options);

  // Each returns true when the next tick has something to do here.
  bool on_trade(const Trade& trade);
  bool on_heartbeat(const Heartbeat& heartbeat);
  bool on_late(const LateTrade& late);

  // Closes the windows that the watermark has reached and says every revision that is due.
  void on_tick(EngineTime engine_time, stream::OutputSink& out);
  // Closes all windows.
  void on_end(stream::OutputSink& out);

  // The engine time at which silence alone closes a window; INT64_MAX when none is open.
  [[nodiscard]] EngineTime idle_deadline() const {
    return next_close_ == kEventTimeMax ? EngineTime(INT64_MAX)
                                        : watermark_.idle_reaches(next_close_);
  }

  // Right after a tick, when nothing is due.
  void save(ByteWriter& out) const;
  // Into a new one with the same plan.
  void load(ByteReader& in);
  [[nodiscard]] const Coverage& coverage() const { return coverage_; }

  bool scheduled = false;  // the next tick comes here (kept by the operator)
  // The earliest moment at which it stands in the operator's queue of deadlines.
  EngineTime queued_deadline{INT64_MAX};

 private:
  struct Bar {
    EventTime start;
    BarPartial partial;
    std::uint32_t revision = 0;
    Quality quality = Quality::kUnknown;
    Cause cause = Cause::kNone;  // the strongest since the last revision
    bool listed = false;         // stands in due_
    bool said = false;           // revision 0 has left

    void save(ByteWriter& out) const;
    void load(ByteReader& in);
  };
  struct StartOf {
    EventTime operator()(const Bar& bar) const { return bar.start; }
  };
  struct Level {
    Duration interval{};
    EventTime closed_before = kEventTimeMin;  // windows that start earlier have closed
    bool newest_unmerged = false;             // the newest bar has not reached the levels it feeds
    SortedChunks<Bar, StartOf> bars;

    void save(ByteWriter& out) const;
    void load(ByteReader& in);
  };
  struct Due {
    std::size_t level = 0;
    EventTime start;
  };
  struct Recheck {
    TimeSpan span;
    Cause cause = Cause::kNone;
  };

  template <typename Part>
  void contribute(std::size_t level, EventTime time, const Part& part, Cause cause);
  Bar& start_bar(Level& level, EventTime start);
  void merge_newest_upwards(std::size_t level);
  void touch(std::size_t level, Bar& bar, Cause cause);
  void recheck(TimeSpan span, Cause cause);
  void recheck_level(std::size_t level, const Recheck& recheck);
  void close_until(EventTime watermark);
  void close_level(std::size_t level, EventTime watermark);
  void say_due(stream::OutputSink& out);
  [[nodiscard]] Quality quality_of(const Level& level, const Bar& bar);

  // What every trade needs stands first, and together.
  bool has_work_ = false;  // something stands in due_ or rechecks_
  InstrumentId instrument_;
  EventTime next_close_ = kEventTimeMax;  // not later than the earliest end of an open window
  // The earliest closed window that a later id can still confirm.
  EventTime awaits_confirmation_ = kEventTimeMax;
  Watermark watermark_;
  std::vector<Level> levels_;
  Coverage coverage_;
  const stream::IntervalPlan* plan_;  // owned by the operator, which outlives its books
  std::vector<Due> due_;
  std::vector<Recheck> rechecks_;
};

}  // namespace tapeline::analytics
