// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <chrono>

namespace tapeline {

std::int64_t SystemClock::monotonic_ns() const {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

RecvTime SystemClock::wall() const {
  return RecvTime(
      std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count());
}

}  // namespace tapeline
