// SPDX-License-Identifier: Apache-2.0
#include "app/pacer.h"

#include <algorithm>

namespace tapeline::app {

void Pacer::wait_for(RecvTime ts_recv, const std::function<void()>& before_waiting) {
  constexpr Duration kNapMax = std::chrono::milliseconds(100);  // a signal is noticed within it
  if (ts_recv.unix_ns() == 0) return;  // what stands before all frames has no time
  if (!start_) start_ = {ts_recv, env_.clock.monotonic_ns()};
  const double recorded_ns =
      static_cast<double>(ts_recv.unix_ns()) - static_cast<double>(start_->ts_recv.unix_ns());
  const double due_ns = recorded_ns / speed_;
  const auto passed_ns = [&] {
    return static_cast<double>(env_.clock.monotonic_ns() - start_->monotonic_ns);
  };
  if (passed_ns() >= due_ns) return;
  before_waiting();
  for (double left = due_ns - passed_ns(); left > 0; left = due_ns - passed_ns()) {
    if (env_.stop.load(std::memory_order_relaxed)) return;
    const double nap = std::min(left, static_cast<double>(kNapMax.count()));
    env_.sleep(Duration(static_cast<std::int64_t>(nap) + 1));
  }
}

}  // namespace tapeline::app
