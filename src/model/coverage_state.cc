// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "model/coverage.h"

namespace tapeline {
namespace {

IdRun load_run(ByteReader& in) {
  IdRun run;
  run.first = in.number<std::uint64_t>();
  run.last = run.first + in.number<std::uint64_t>();
  run.first_time = in.time<EventTime>();
  run.last_time = in.time<EventTime>();
  run.time_min = in.time<EventTime>();
  run.time_max = in.time<EventTime>();
  run.repaired = in.number<std::uint64_t>();
  in.require(run.repaired <= run.last - run.first + 1,
             "more ids of a run are repaired than it has");
  in.require(run.first <= run.last && run.last < UINT64_MAX, "a run of ids ends before it begins");
  in.require(run.time_min <= std::min(run.first_time, run.last_time) &&
                 run.time_max >= std::max(run.first_time, run.last_time),
             "a run of ids lies outside its own times");
  return run;
}

}  // namespace

void Coverage::save(ByteWriter& out) const {
  out.number(runs_.size());
  for (auto at = runs_.begin(); at != runs_.end(); at = runs_.next(at)) {
    const IdRun& run = runs_.at(at);
    out.number(run.first);
    out.number(run.last - run.first);
    out.time(run.first_time);
    out.time(run.last_time);
    out.time(run.time_min);
    out.time(run.time_max);
    out.number(run.repaired);
  }
  out.number(known_last_);
  out.time(known_last_until_);
  out.time(known_last_time_);
  out.integer128(slack_ns_);
  out.time(newest_time_);
  out.number(late_.size());
  for (auto at = late_.begin(); at != late_.end(); at = late_.next(at)) {
    const Late& late = late_.at(at);
    late.id.save(out);
    out.number(late.last_fill);
    out.time(late.time);
  }
  settled_.save(out);
}

void Coverage::load(ByteReader& in) {
  const ByteReader::Part part(in, "ids");
  load_runs(in);
  known_last_ = in.number<std::uint64_t>();
  known_last_until_ = in.time<EventTime>();
  known_last_time_ = in.time<EventTime>();
  slack_ns_ = in.integer128();
  in.require(slack_ns_ >= 0 && slack_ns_ <= Int128{1} << 100, "a slack is out of range");
  newest_time_ = in.time<EventTime>(kEventTimeMin);
  load_late(in);
  settled_.load(in, kRunsMax);
}

void Coverage::load_runs(ByteReader& in) {
  for (std::size_t left = in.count(kRunsMax); left > 0 && !in.failed(); --left) {
    const IdRun run = load_run(in);
    in.require(
        runs_.empty() || (run.first > runs_.back().last && run.first - runs_.back().last > 1),
        "two runs of ids touch");
    if (!in.failed()) runs_.insert(run);
  }
}

void Coverage::load_late(ByteReader& in) {
  for (std::size_t left = in.count(kRunsMax); left > 0 && !in.failed(); --left) {
    Late late;
    late.id.load(in);
    late.last_fill = in.number<std::uint64_t>();
    late.time = in.time<EventTime>();
    in.require(late_.empty() || late_.back().id < late.id, "late ids are out of order");
    if (!in.failed()) add_late(late.id, late.last_fill, late.time);
  }
}

bool Coverage::has_same_ids(const Coverage& other) const {
  if (runs_.size() != other.runs_.size() || late_.size() != other.late_.size()) return false;
  // Chunks are cut where ids came, so each has its own cursor.
  auto run = other.runs_.begin();
  for (auto at = runs_.begin(); at != runs_.end(); at = runs_.next(at)) {
    const IdRun& a = runs_.at(at);
    const IdRun& b = other.runs_.at(run);
    if (a.first != b.first || a.last != b.last) return false;
    run = other.runs_.next(run);
  }
  auto late = other.late_.begin();
  for (auto at = late_.begin(); at != late_.end(); at = late_.next(at)) {
    if (late_.at(at).id != other.late_.at(late).id) return false;
    late = other.late_.next(late);
  }
  return true;
}

}  // namespace tapeline
