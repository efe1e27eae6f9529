// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace tapeline::simulation {

// The time of everybody, which only goes on, and beside it the wall clock of our machine, which
// somebody may set. Moves only when told.
class Clocks {
 public:
  explicit Clocks(RecvTime start) : venue_(*this, false), machine_(*this, true), now_(start) {}

  void advance(Duration by) { now_ = now_ + by; }
  void set_wall(Duration offset) { wall_offset_ = offset; }
  [[nodiscard]] Duration wall_offset() const { return wall_offset_; }
  [[nodiscard]] std::int64_t now_ns() const { return now_.unix_ns(); }

  // As the venues have it.
  [[nodiscard]] const Clock& venue() const { return venue_; }
  // As the program has it.
  [[nodiscard]] const Clock& machine() const { return machine_; }

 private:
  class View final : public Clock {
   public:
    View(const Clocks& of, bool is_offset) : of_(of), is_offset_(is_offset) {}
    [[nodiscard]] std::int64_t monotonic_ns() const override { return of_.now_ns(); }
    [[nodiscard]] RecvTime wall() const override {
      return is_offset_ ? of_.now_ + of_.wall_offset_ : of_.now_;
    }

   private:
    const Clocks& of_;
    bool is_offset_;
  };

  View venue_;
  View machine_;
  RecvTime now_;
  Duration wall_offset_{};
};

}  // namespace tapeline::simulation
