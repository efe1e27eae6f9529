// SPDX-License-Identifier: Apache-2.0
#include "feed/absences.h"

#include <algorithm>

namespace tapeline::feed {
namespace {

// What is in both.
std::vector<TimeSpan> common(const std::vector<TimeSpan>& a, const std::deque<TimeSpan>& b) {
  std::vector<TimeSpan> out;
  for (const TimeSpan& one : a) {
    for (const TimeSpan& other : b) {
      const TimeSpan both{std::max(one.from, other.from), std::min(one.to, other.to)};
      if (both.from < both.to) out.push_back(both);
    }
  }
  return out;
}

}  // namespace

std::vector<TimeSpan> Absences::add(std::size_t line, TimeSpan absence,
                                    const std::vector<std::optional<EventTime>>& away_since) {
  std::vector<TimeSpan> nobody{absence};
  for (std::size_t other = 0; other < kept_.size(); ++other) {
    if (other == line) continue;
    std::deque<TimeSpan> away = kept_[other];
    if (away_since[other]) away.push_back({*away_since[other], absence.to});
    nobody = common(nobody, away);
  }
  kept_[line].push_back(absence);
  if (kept_[line].size() > kKeptMax) kept_[line].pop_front();
  return nobody;
}

}  // namespace tapeline::feed
