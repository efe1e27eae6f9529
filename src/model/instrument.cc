// SPDX-License-Identifier: Apache-2.0
#include "model/instrument.h"

#include <algorithm>
#include <numeric>

namespace tapeline {

const std::vector<std::uint32_t>& InstrumentNames::ranks() const {
  if (ranks_.size() != names_.size()) {
    std::vector<std::uint32_t> sorted(names_.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::sort(sorted.begin(), sorted.end(),
              [&](std::uint32_t a, std::uint32_t b) { return names_[a] < names_[b]; });
    ranks_.resize(names_.size());
    for (std::uint32_t rank = 0; rank < sorted.size(); ++rank) ranks_[sorted[rank]] = rank;
  }
  return ranks_;
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  // Greedy with one step back to the last star: linear in practice, never exponential.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace tapeline
