// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "model/coverage.h"

namespace tapeline::feed {

// When nobody listened, of lines that bring the same streams: where one was away and another was
// not, nothing is missed. Times are those of arrival. Decides, and does nothing itself.
class Absences {
 public:
  // Of a line; an older one no longer matters once the others have told of theirs.
  static constexpr std::size_t kKeptMax = 64;

  explicit Absences(std::size_t lines) : kept_(lines) {}

  // A line listens again. `away_since` tells of each line whether it does not, by now. Gives the
  // parts of the absence in which none did.
  [[nodiscard]] std::vector<TimeSpan> add(std::size_t line, TimeSpan absence,
                                          const std::vector<std::optional<EventTime>>& away_since);

 private:
  std::vector<std::deque<TimeSpan>> kept_;  // by line
};

}  // namespace tapeline::feed
