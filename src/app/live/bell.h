// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/time.h"

namespace tapeline::app::live {

// Wakes one thread that rests when others bring it work. Ringing costs next to nothing while it is
// awake. For any number of threads that ring.
class Bell {
 public:
  void ring();

  // How often it has rung by now.
  [[nodiscard]] std::uint64_t rings() const { return rings_.load(std::memory_order_seq_cst); }
  // Rests so long, or until it has rung more often than `heard`, which may be so already.
  void rest(std::uint64_t heard, Duration at_most);

 private:
  std::atomic<std::uint64_t> rings_{0};
  std::atomic<bool> is_resting_{false};
  std::mutex mutex_;  // guards nothing: a condition variable wants one
  std::condition_variable rung_;
};

}  // namespace tapeline::app::live
