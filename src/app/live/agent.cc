// SPDX-License-Identifier: Apache-2.0
#include "app/live/agent.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tapeline::app::live {
namespace {

constexpr std::chrono::microseconds kRestMin{20};
constexpr std::chrono::microseconds kRestMax{1000};

}  // namespace

Agent::Agent(const std::string& name, std::function<std::size_t()> work)
    : thread_([done = is_stopped_, work = std::move(work)](const std::stop_token& stop) {
        auto rest = kRestMin;
        while (!stop.stop_requested()) {
          if (work() > 0) {
            rest = kRestMin;
            continue;
          }
          std::this_thread::sleep_for(rest);
          rest = std::min(2 * rest, kRestMax);
        }
        done->store(true, std::memory_order_release);
      }) {
  ::pthread_setname_np(thread_.native_handle(), name.c_str());
}

}  // namespace tapeline::app::live
