// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace tapeline::app::live {

// One thread that works until it is asked to stop, and rests while there is nothing to do: longer
// and longer, up to a millisecond. The owner asks, waits for is_stopped(), and destroys it.
class Agent {
 public:
  // `name` as the system shows it, at most 15 bytes. `work` gives how much it did; it may ask its
  // own agent to stop.
  Agent(const std::string& name, std::function<std::size_t()> work);

  void ask_to_stop() { thread_.request_stop(); }
  [[nodiscard]] bool is_stopped() const { return is_stopped_->load(std::memory_order_acquire); }

 private:
  // Shared with the thread, which may outlive an owner that lost patience.
  std::shared_ptr<std::atomic<bool>> is_stopped_ = std::make_shared<std::atomic<bool>>(false);
  std::jthread thread_;
};

}  // namespace tapeline::app::live
