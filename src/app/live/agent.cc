// SPDX-License-Identifier: Apache-2.0
#include "app/live/agent.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace tapeline::app::live {
namespace {

// The more came during a rest, the longer the next one: where thousands come in a second a turn is
// worth its system calls, and where few come none of them waits for it.
Duration rest_behind(std::size_t did, const Rests& rests) {
  constexpr std::size_t kFew = 4;
  constexpr std::size_t kTimesMax = 10;
  const auto times = std::clamp<std::size_t>(did / kFew, 1, kTimesMax);
  return static_cast<Duration::rep>(times) * rests.first;
}

}  // namespace

Agent::Agent(const std::string& name, const Rests& rests, std::function<std::size_t()> work,
             std::shared_ptr<Bell> bell)
    : bell_(std::move(bell)),
      thread_([done = is_stopped_, rung = bell_, rests,
               work = std::move(work)](const std::stop_token& stop) {
        Duration rest = rests.first;
        for (;;) {
          const std::uint64_t heard = rung->rings();  // first: who asks to stop rings behind it
          if (stop.stop_requested()) break;
          const std::size_t did = work();
          if (did > 0) rest = rests.first;
          if (did >= rests.much || rest == Duration()) continue;
          if (did > 0) {
            // What is rung for meanwhile waits: it comes to the same turn.
            std::this_thread::sleep_for(rest_behind(did, rests));
          } else {
            rung->rest(heard, rest);
            rest = std::min(2 * rest, rests.last);
          }
        }
        done->store(true, std::memory_order_release);
      }) {
  ::pthread_setname_np(thread_.native_handle(), name.c_str());
}

void Agent::ask_to_stop() {
  thread_.request_stop();
  bell_->ring();
}

}  // namespace tapeline::app::live
