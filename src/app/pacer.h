// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "app/environment.h"
#include "base/time.h"

namespace tapeline::app {

// Lets recorded input come as many times as fast as it was received. One thread.
class Pacer {
 public:
  Pacer(double speed, const Environment& env) : speed_(speed), env_(env) {}

  // Waits until it is the turn of what was received then, or a signal comes; the first one starts
  // the clock. Where times go back, nothing waits.
  void wait_for(RecvTime ts_recv, const std::function<void()>& before_waiting);

 private:
  struct Start {
    RecvTime ts_recv;
    std::int64_t monotonic_ns = 0;
  };

  double speed_;
  const Environment& env_;
  std::optional<Start> start_;
};

}  // namespace tapeline::app
