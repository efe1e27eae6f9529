// SPDX-License-Identifier: Apache-2.0
#include "app/live/shutdown.h"

#include <algorithm>
#include <utility>

namespace tapeline::app {
namespace {

bool stops_in_time(const Shutdown::Step& step, const Clock& clock, Log& log,
                   const std::function<void(Duration)>& sleep) {
  const std::int64_t start_ns = clock.monotonic_ns();
  bool is_said = false;
  step.ask();
  while (!step.is_done()) {
    const Duration waited(clock.monotonic_ns() - start_ns);
    if (waited >= step.deadline) return false;
    if (waited >= Shutdown::kSayAfter && !is_said) {
      log.info("still stopping", {{"part", step.name},
                                  {"waits_for", step.waits_for},
                                  {"at_most", format_duration(step.deadline)}});
      is_said = true;
    }
    sleep(std::min(Shutdown::kPoll, step.deadline - waited));
  }
  return true;
}

}  // namespace

bool Shutdown::run(const Clock& clock, Log& log, const std::function<void(Duration)>& sleep) {
  bool is_clean = true;
  while (!steps_.empty()) {
    const Step step = std::move(steps_.back());
    steps_.pop_back();
    if (stops_in_time(step, clock, log, sleep)) {
      log.debug("stopped", {{"part", step.name}});
    } else {
      is_clean = false;
      log.error("did not stop in time",
                {{"part", step.name}, {"deadline", format_duration(step.deadline)}});
    }
  }
  return is_clean;
}

}  // namespace tapeline::app
