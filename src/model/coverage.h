// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/int128.h"
#include "base/sorted_chunks.h"
#include "base/time.h"
#include "model/id_spans.h"
#include "model/trade_id.h"

namespace tapeline {

// A closed span of event time.
struct TimeSpan {
  EventTime from;
  EventTime to;

  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

// An unbroken run of ids: every id from first to last was received.
struct IdRun {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  EventTime first_time{};      // ts_event of `first`
  EventTime last_time{};       // ts_event of `last`
  EventTime time_min{};        // the earliest ts_event of the run
  EventTime time_max{};        // the latest
  std::uint64_t repaired = 0;  // how many of its ids came by back-fill

  friend bool operator==(const IdRun&, const IdRun&) = default;
};

enum class GapCause : std::uint8_t {
  kLost,       // a later id came, these did not
  kHeartbeat,  // the venue named an id that did not come
  kLate,       // they came too late to be admitted
};

enum class GapState : std::uint8_t {
  kOpen,
  kUnrecoverable,  // the venue's history was asked for them, and holds them no more
};

// Ids known to be missing, both ends included, between the event times of their neighbours.
struct IdGap {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  EventTime from_time{};
  EventTime to_time{};
  GapCause cause = GapCause::kLost;
  GapState state = GapState::kOpen;

  // Whether back-fill asks for it by itself.
  [[nodiscard]] bool is_open() const {
    return state == GapState::kOpen && cause != GapCause::kLate;
  }
  friend bool operator==(const IdGap&, const IdGap&) = default;
};

enum class Quality : std::uint8_t { kComplete, kRepaired, kGap, kUnknown };

// Which contiguous ids of one (instrument, channel) were received, and which are known to be
// missing. A set: the order of arrival never matters. A heartbeat counts up to where an id or a
// heartbeat above it refutes it, so only the highest id that one named is of interest. The same
// class gives identity to the ledger and quality to bars.
class Coverage {
 public:
  // More separate runs than this are no market but an attack or a file without contiguous ids.
  static constexpr std::size_t kRunsMax = 1'000'000;

  enum class Held : std::uint8_t { kNone, kPart, kAll };
  [[nodiscard]] Held holds(std::uint64_t first, std::uint64_t last) const;

  [[nodiscard]] bool full() const { return runs_.size() >= kRunsMax; }

  // Adds ids that are not held yet. Returns the span of event time whose quality may have changed;
  // nothing when the ids only prolong the newest run in time too, as they mostly do.
  std::optional<TimeSpan> add(std::uint64_t first, std::uint64_t last, EventTime time,
                              bool is_backfilled = false) {
    if (!runs_.empty()) {
      IdRun& newest = runs_.back();
      if (newest.last + 1 == first && time >= newest.last_time && !is_heartbeat_refuted(time)) {
        newest.last = last;
        newest.repaired += is_backfilled ? last - first + 1 : 0;
        newest.last_time = time;
        newest.time_max = std::max(newest.time_max, time);
        return std::nullopt;
      }
    }
    return add_out_of_line(first, last, time, is_backfilled);
  }

  // The venue said: up to `time` came no id above `last_id`.
  std::optional<TimeSpan> confirm(std::uint64_t last_id, EventTime time);

  // An id that came too late to be admitted; an aggregated trade with the last of its fills too.
  TimeSpan add_late(const TradeId& id, std::uint64_t last_fill, EventTime time);
  [[nodiscard]] bool is_late(const TradeId& id) const { return any_late_ && finds_late(id); }
  // Whether any is late that is not below this one: ids that overlap it may name it no more.
  [[nodiscard]] bool has_late_from(std::uint64_t id) const {
    return any_late_ && late_.back().id >= TradeId(id);
  }
  // A late id is to be admitted after all: where its lack no longer counts. Nothing when it is
  // none.
  std::optional<TimeSpan> take_late(const TradeId& id);
  [[nodiscard]] bool late_full() const { return any_late_ && late_.size() >= kRunsMax; }

  // The venue's history holds no more of these than is here. False when that was known.
  bool settle(IdSpan ids);

  // Of a window [start, end), by ids alone: kComplete, kGap or kUnknown.
  [[nodiscard]] Quality quality(EventTime start, EventTime end) const;

  // Up to where the newest run confirms, or the heartbeat that named its last id; windows that end
  // later can still become complete.
  [[nodiscard]] EventTime confirmed_until() const {
    if (runs_.empty()) return kEventTimeMin;
    const IdRun& newest = runs_.back();
    return known_last_ == newest.last ? std::max(newest.last_time, known_last_until_)
                                      : newest.last_time;
  }

  // Those that begin within these ids, in their order.
  [[nodiscard]] std::vector<IdRun> runs(IdSpan within = kAllIds) const;
  [[nodiscard]] std::vector<IdGap> gaps(IdSpan within = kAllIds) const;
  // What becomes different where these ids come, are late or are settled: no more than the runs and
  // gaps that begin within the span that this gives, which is the same before and after.
  [[nodiscard]] IdSpan around(IdSpan ids) const;
  // The newest of all, or of those that are open or not, at most `most`, in the order of their ids.
  enum class Which : std::uint8_t { kAll, kOpen, kOthers };
  [[nodiscard]] std::vector<IdGap> newest_gaps(std::size_t most, Which which = Which::kAll) const;
  [[nodiscard]] std::vector<IdGap> oldest_open_gaps(std::size_t most) const;
  [[nodiscard]] std::vector<IdRun> newest_runs(std::size_t most) const;
  struct Totals {
    std::uint64_t runs = 0;
    std::uint64_t received = 0;  // ids
    std::uint64_t repaired = 0;  // of those received
    std::uint64_t gaps = 0;
    std::uint64_t open_gaps = 0;
    std::uint64_t missing = 0;        // ids
    std::uint64_t unrecoverable = 0;  // of those missing

    friend bool operator==(const Totals&, const Totals&) = default;
  };
  // Looks at each run and each gap.
  [[nodiscard]] Totals totals() const;
  // Of the run that in-order ids prolong. Only where it is not empty.
  [[nodiscard]] std::uint64_t newest_first() const { return runs_.back().first; }
  [[nodiscard]] const IdRun& oldest_run() const { return runs_.front(); }
  [[nodiscard]] const IdRun& newest_run() const { return runs_.back(); }
  [[nodiscard]] std::uint64_t newest_id() const { return runs_.empty() ? 0 : runs_.back().last; }
  [[nodiscard]] bool empty() const { return runs_.empty(); }
  // Whether both hold the same ids, and the same late ones, whatever they know of times.
  [[nodiscard]] bool has_same_ids(const Coverage& other) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct FirstId {
    std::uint64_t operator()(const IdRun& run) const { return run.first; }
  };
  struct Late {
    TradeId id;
    std::uint64_t last_fill = 0;
    EventTime time;
  };
  struct LateKey {
    const TradeId& operator()(const Late& late) const { return late.id; }
  };
  struct LateTime {
    EventTime time;
    std::uint64_t ids = 0;
  };
  struct TimeOf {
    EventTime operator()(const LateTime& late) const { return late.time; }
  };
  // Between which times the runs of a chunk lie.
  struct Times {
    EventTime min = kEventTimeMax;
    EventTime max = kEventTimeMin;

    void add(const IdRun& run) {
      min = std::min(min, run.time_min);
      max = std::max(max, run.time_max);
    }
  };
  void load_runs(ByteReader& in);
  void load_late(ByteReader& in);

  static constexpr std::size_t kChunkRuns = 64;
  using Runs = SortedChunks<IdRun, FirstId, kChunkRuns, Times>;

  // Whether the next id, with this time, changes what the heartbeats said.
  [[nodiscard]] bool is_heartbeat_refuted(EventTime time) const {
    const IdRun& newest = runs_.back();
    return known_last_ > newest.last || (known_last_ == newest.last && known_last_until_ > time);
  }
  std::optional<TimeSpan> add_out_of_line(std::uint64_t first, std::uint64_t last, EventTime time,
                                          bool is_backfilled);
  TimeSpan place(const IdRun& run);
  [[nodiscard]] Runs::Cursor first_run_near(EventTime time) const;
  [[nodiscard]] bool is_past(const IdRun& run, EventTime time) const;
  [[nodiscard]] Runs::Cursor skip_chunks_outside(TimeSpan window, Runs::Cursor at) const;
  [[nodiscard]] bool touches_gap(TimeSpan window) const;
  [[nodiscard]] bool is_covered(EventTime start, EventTime end) const;
  [[nodiscard]] bool has_late(TimeSpan window) const;
  [[nodiscard]] bool finds_late(const TradeId& id) const;
  // Those that begin within these ids, one after the other.
  template <typename OnGap>
  void for_each_gap(IdSpan within, OnGap on_gap) const;
  // A hole may be several gaps.
  template <typename OnGap>
  void split_hole(IdGap hole, OnGap& on_gap) const;
  template <typename OnGap>
  void split_hole_behind(Runs::Cursor at, OnGap& on_gap) const;
  template <typename OnGap>
  void split_behind_newest(OnGap& on_gap) const;
  template <typename OnGap>
  void name_late(std::uint64_t first, std::uint64_t last, OnGap& on_gap) const;
  // By what was settled.
  template <typename OnGap>
  void split_by_state(IdGap gap, OnGap& on_gap) const;

  // What every id needs stands first, and together.
  Runs runs_;
  std::uint64_t known_last_ = 0;  // the highest id a heartbeat named
  EventTime known_last_until_;    // its latest heartbeat: nothing came after it until then
  bool any_late_ = false;
  EventTime known_last_time_;  // its earliest heartbeat: the far end of the hole
  // No run begins earlier than this before the latest time of any run before it: what makes
  // windows findable by bisection though ids and times do not always agree in order.
  Int128 slack_ns_ = 0;
  EventTime newest_time_ = kEventTimeMin;  // of the runs before the newest
  SortedChunks<Late, LateKey> late_;
  SortedChunks<LateTime, TimeOf> late_times_;
  IdSpans settled_;
};

const char* name_of(Quality quality);
const char* name_of(GapCause cause);
const char* name_of(GapState state);

}  // namespace tapeline
