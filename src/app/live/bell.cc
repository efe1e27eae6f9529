// SPDX-License-Identifier: Apache-2.0
#include "app/live/bell.h"

namespace tapeline::app::live {

// Either the one who rests sees the ring, or the one who rings sees the rest: both orders are
// sequentially consistent.
void Bell::ring() {
  rings_.fetch_add(1, std::memory_order_seq_cst);
  if (!is_resting_.load(std::memory_order_seq_cst)) return;
  const std::lock_guard lock(mutex_);
  rung_.notify_one();
}

void Bell::rest(std::uint64_t heard, Duration at_most) {
  std::unique_lock lock(mutex_);
  is_resting_.store(true, std::memory_order_seq_cst);
  rung_.wait_for(lock, at_most, [&] { return rings() != heard; });
  is_resting_.store(false, std::memory_order_seq_cst);
}

}  // namespace tapeline::app::live
