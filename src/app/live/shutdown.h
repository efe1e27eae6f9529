// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"

namespace tapeline::app {

// Stops what runs in the reverse order of its start, so that nothing loses what it still uses. One
// thread.
class Shutdown {
 public:
  static constexpr Duration kPoll = std::chrono::milliseconds(1);
  static constexpr Duration kSayAfter = std::chrono::seconds(2);

  struct Step {
    std::string_view name;         // of what stops, a word of ours
    std::string_view waits_for{};  // as a sentence goes on: "the question that is answered"
    Duration deadline{};
    std::function<void()> ask{};      // tells it to stop; returns at once
    std::function<bool()> is_done{};  // whether it has; may do what is left to do here
  };

  // Right after it has started.
  void add(Step step) { steps_.push_back(std::move(step)); }

  // Asks and waits, one step after the other, each once. What a step waits for is logged when it
  // takes longer than kSayAfter. A step that is overdue is logged, and the
  // next one is asked all the same. Whether all stopped in time: where not, a thread may still use
  // anything, and the process has to leave without taking it apart.
  bool run(const Clock& clock, Log& log, const std::function<void(Duration)>& sleep);

 private:
  std::vector<Step> steps_;
};

}  // namespace tapeline::app
