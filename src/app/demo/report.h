// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/demo/truth_check.h"
#include "app/live/live.h"
#include "base/time.h"

namespace tapeline::app::demo {

// What a demo says while it runs: `SIMULATED  142 items/s, 8,204 delivered, 3 missing, 12 s left`.
// At most 78 columns for anything below 10^12. One thread.
class Headway {
 public:
  explicit Headway(std::optional<Duration> duration) : duration_(duration) {}

  // `elapsed` since the beginning. The rate is that of about the last second.
  void note(const live::LiveSummary& summary, Duration elapsed);
  [[nodiscard]] std::string text() const;
  // When the first bar could be seen.
  [[nodiscard]] std::optional<Duration> first_bar() const { return first_bar_; }

 private:
  std::optional<Duration> duration_;
  Duration elapsed_{};
  Duration rated_at_{};
  std::uint64_t rated_ = 0;
  std::uint64_t rate_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t missing_ = 0;
  std::optional<Duration> first_bar_;
};

// The last lines: what became of every item, what is missing, and what came of the comparison where
// there was one.
std::string summary_text(const live::LiveSummary& summary, std::optional<Duration> first_bar,
                         const TruthReport* report);

// Whether every item ended as exactly one thing.
bool adds_up(const live::LiveSummary& summary);

}  // namespace tapeline::app::demo
