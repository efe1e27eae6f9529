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
  kDup,
  kSwap,
  kBadFrame,
  kDelay,
  kSlow,
};

// The faults of one connection: a function of the spec, the seed and the number of frames so far.
class FaultPlan {
 public:
  // The spec has been in force since `since`.
  FaultPlan(const FaultSpec& spec, std::uint64_t seed, EventTime opened, EventTime since);

  // A new spec from `now` on: a connection that is open already is cut or silent as if it had been
  // opened now.
  void change(const FaultSpec& spec, EventTime now);

  Fate next_fate();
  // How late the next frame is, where they overtake each other.
  Duration next_lateness();
  // A form of the frame that no parser can take for data.
  std::string spoil(const std::string& frame);

  [[nodiscard]] const FaultSpec& spec() const { return spec_; }
  // When the connection is cut or falls silent; kEventTimeMax: never. A silent one is not cut.
  [[nodiscard]] EventTime drop_at() const { return drop_at_; }
  [[nodiscard]] EventTime silent_at() const { return silent_at_; }
  // When one of its streams falls silent.
  [[nodiscard]] EventTime channel_silent_at() const { return channel_silent_at_; }
  // The silent stream was subscribed to anew: when the next one falls silent.
  void rouse_channel(EventTime now);

 private:
  void draw_times(EventTime opened, EventTime since);
  [[nodiscard]] EventTime draw_time(EventTime from, Duration average);

  FaultSpec spec_;
  Random random_;
  EventTime drop_at_ = kEventTimeMax;
  EventTime silent_at_ = kEventTimeMax;
  EventTime channel_silent_at_ = kEventTimeMax;
  EventTime channel_silent_once_ = kEventTimeMax;  // by the spec's own time
};

}  // namespace tapeline::sim
