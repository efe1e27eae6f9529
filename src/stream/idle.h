// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <thread>

namespace tapeline::stream {

// How an agent without work waits: gives way first, then sleeps briefly. With more agents than
// cores, spinning would take the time of the one that has the work.
class Idle {
 public:
  void after(std::size_t work_done) {
    if (work_done > 0) {
      rounds_ = 0;
    } else if (++rounds_ <= kYields) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(kSleep);
    }
  }

 private:
  static constexpr int kYields = 64;
  static constexpr std::chrono::microseconds kSleep{50};

  int rounds_ = 0;
};

}  // namespace tapeline::stream
