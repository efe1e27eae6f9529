// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/live/bell.h"
#include "base/time.h"

namespace tapeline::app::live {

// How an agent rests. A short rest after a turn that did little lets the next one do more at once:
// a turn costs a few system calls, whatever there is to do.
struct Rests {
  // Up to ten times as long where a turn did more than a few things. Zero: its work waits by
  // itself.
  Duration first = std::chrono::microseconds(100);
  Duration last = std::chrono::milliseconds(10);  // doubled up to here while nothing is to do
  std::size_t much = 1024;                        // done in a turn: no rest behind it
};

// One thread that works until it is asked to stop, and rests while there is little to do: longer
// and longer, until somebody rings. The owner asks, waits for is_stopped(), and destroys it.
class Agent {
 public:
  // `name` as the system shows it, at most 15 bytes. `work` gives how much it did; it may ask its
  // own agent to stop. `bell` ends a long rest; whoever rings it is the other owner.
  Agent(const std::string& name, const Rests& rests, std::function<std::size_t()> work,
        std::shared_ptr<Bell> bell = std::make_shared<Bell>());
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent() { ask_to_stop(); }

  void ask_to_stop();
  [[nodiscard]] bool is_stopped() const { return is_stopped_->load(std::memory_order_acquire); }

 private:
  // Shared with the thread, which may outlive an owner that lost patience.
  std::shared_ptr<std::atomic<bool>> is_stopped_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<Bell> bell_;
  std::jthread thread_;
};

}  // namespace tapeline::app::live
