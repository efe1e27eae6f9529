// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_plan.h"

#include <array>
#include <utility>

namespace tapeline::sim {

FaultPlan::FaultPlan(const FaultSpec& spec, std::uint64_t seed, EventTime opened) : random_(seed) {
  change(spec, opened);
}

void FaultPlan::change(const FaultSpec& spec, EventTime now) {
  spec_ = spec;
  drop_at_ = draw_time(now, spec.drop_after);
  silent_at_ = draw_time(now, spec.half_open_after);
  if (drop_at_ <= silent_at_) {
    silent_at_ = kEventTimeMax;
  } else {
    drop_at_ = kEventTimeMax;
  }
}

EventTime FaultPlan::draw_time(EventTime from, Duration average) {
  if (average.count() == 0) return kEventTimeMax;
  return from + Duration(random_.between(1, average.count() * 2));
}

// One draw for all, so that a frame has one fate.
Fate FaultPlan::next_fate() {
  const std::array<std::pair<Chance, Fate>, 6> table{{{spec_.lose, Fate::kLose},
                                                      {spec_.repeat, Fate::kRepeat},
                                                      {spec_.reorder, Fate::kReorder},
                                                      {spec_.malformed, Fate::kMalformed},
                                                      {spec_.delay, Fate::kDelay},
                                                      {spec_.slow, Fate::kSlow}}};
  std::uint64_t drawn = random_.below(Chance::kWhole);
  for (const auto& [chance, fate] : table) {
    if (drawn < chance.billionths) return fate;
    drawn -= chance.billionths;
  }
  return Fate::kSend;
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
