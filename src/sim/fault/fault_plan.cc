// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_plan.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::sim {

FaultPlan::FaultPlan(const FaultSpec& spec, std::uint64_t seed, EventTime opened, EventTime since)
    : spec_(spec), random_(seed) {
  draw_times(opened, since);
}

void FaultPlan::change(const FaultSpec& spec, EventTime now) {
  spec_ = spec;
  draw_times(now, now);
}

void FaultPlan::draw_times(EventTime opened, EventTime since) {
  // Who came later has nothing to do with it.
  const auto at = [&](Duration time) {
    return time == Duration() || since + time < opened ? kEventTimeMax : since + time;
  };
  drop_at_ = std::min(draw_time(opened, spec_.drop_after), at(spec_.drop_at));
  silent_at_ = std::min(draw_time(opened, spec_.half_open_after), at(spec_.half_open_at));
  channel_silent_once_ = at(spec_.silent_channel_at);
  channel_silent_at_ =
      std::min(draw_time(opened, spec_.silent_channel_after), channel_silent_once_);
  if (drop_at_ <= silent_at_) {
    silent_at_ = kEventTimeMax;
  } else {
    drop_at_ = kEventTimeMax;
  }
}

void FaultPlan::rouse_channel(EventTime now) {
  if (channel_silent_once_ <= now) channel_silent_once_ = kEventTimeMax;
  channel_silent_at_ = std::min(draw_time(now, spec_.silent_channel_after), channel_silent_once_);
}

EventTime FaultPlan::draw_time(EventTime from, Duration average) {
  if (average.count() == 0) return kEventTimeMax;
  return from + Duration(random_.between(1, average.count() * 2));
}

// One draw for all, so that a frame has one fate.
Fate FaultPlan::next_fate() {
  const std::array<std::pair<Chance, Fate>, 6> table{{{spec_.lose, Fate::kLose},
                                                      {spec_.dup, Fate::kDup},
                                                      {spec_.swap, Fate::kSwap},
                                                      {spec_.bad_frame, Fate::kBadFrame},
                                                      {spec_.delay, Fate::kDelay},
                                                      {spec_.slow, Fate::kSlow}}};
  std::uint64_t drawn = random_.below(Chance::kWhole);
  for (const auto& [chance, fate] : table) {
    if (drawn < chance.billionths) return fate;
    drawn -= chance.billionths;
  }
  return Fate::kSend;
}

Duration FaultPlan::next_lateness() {
  if (spec_.reorder_within == Duration()) return {};
  return Duration(random_.between(0, spec_.reorder_within.count()));
}

std::string FaultPlan::spoil(const std::string& frame) {
  switch (random_.below(4)) {
    case 0:
      return frame + "}";
    case 1:
      return frame + frame;
    case 2:
      return "{}";
    default:  // cut before its last quarter
      return frame.substr(0, 1 + random_.below(1 + frame.size() * 3 / 4));
  }
}

}  // namespace tapeline::sim
