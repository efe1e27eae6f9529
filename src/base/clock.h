// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tapeline {

// Time as an argument. Only edges (feed, app) hold one; nothing after the journal does.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual std::int64_t monotonic_ns() const = 0;
  [[nodiscard]] virtual RecvTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override;
  [[nodiscard]] RecvTime wall() const override;
};

// Moves only when told: for tests and simulation.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(RecvTime start) : now_(start) {}

  void advance(Duration by) { now_ = now_ + by; }

  [[nodiscard]] std::int64_t monotonic_ns() const override { return now_.unix_ns(); }
  [[nodiscard]] RecvTime wall() const override { return now_; }

 private:
  RecvTime now_;
};

}  // namespace tapeline
