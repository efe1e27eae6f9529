// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "sim/fault/fault_spec.h"
#include "sim/market/random.h"

namespace tapeline::sim {

// What becomes of one frame.
enum class Fate : std::uint8_t {
  kSend,
  kLose,
  kRepeat,
  kReorder,
  kMalformed,
  kDelay,
  kSlow,
};

// The faults of one connection: a function of the spec, the seed and the number of frames so far.
class FaultPlan {
 public:
  FaultPlan(const FaultSpec& spec, std::uint64_t seed, EventTime opened);

  // A new spec from `now` on: a connection that is open already is cut or silent as if it had been
  // opened now.
  void change(const FaultSpec& spec, EventTime now);

  Fate next_fate();
  // A form of the frame that no parser can take for data.
  std::string spoil(const std::string& frame);

  [[nodiscard]] const FaultSpec& spec() const { return spec_; }
  // When the connection is cut or falls silent; kEventTimeMax: never. A silent one is not cut.
  [[nodiscard]] EventTime drop_at() const { return drop_at_; }
  [[nodiscard]] EventTime silent_at() const { return silent_at_; }

 private:
  [[nodiscard]] EventTime draw_time(EventTime from, Duration average);

  FaultSpec spec_;
  Random random_;
  EventTime drop_at_ = kEventTimeMax;
  EventTime silent_at_ = kEventTimeMax;
};

}  // namespace tapeline::sim
