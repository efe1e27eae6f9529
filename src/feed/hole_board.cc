// SPDX-License-Identifier: Apache-2.0
#include "feed/hole_board.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace tapeline::feed {
namespace {

std::vector<IdGap> most_wanted(const Coverage& coverage, const Coverage::Totals& totals) {
  using Which = Coverage::Which;
  if (totals.open_gaps > HoleBoard::kHolesMax) {
    std::vector<IdGap> out = coverage.oldest_open_gaps(HoleBoard::kOldestMax);
    const std::vector<IdGap> newest =
        coverage.newest_gaps(HoleBoard::kHolesMax - HoleBoard::kOldestMax, Which::kOpen);
    out.insert(out.end(), newest.begin(), newest.end());
    return out;
  }
  const std::size_t others = std::min<std::size_t>(totals.gaps - totals.open_gaps,
                                                   HoleBoard::kHolesMax - totals.open_gaps);
  const std::vector<IdGap> open = coverage.newest_gaps(HoleBoard::kHolesMax, Which::kOpen);
  if (others == 0) return open;
  const std::vector<IdGap> gone = coverage.newest_gaps(others, Which::kOthers);
  std::vector<IdGap> out;
  out.reserve(open.size() + gone.size());
  std::merge(open.begin(), open.end(), gone.begin(), gone.end(), std::back_inserter(out),
             [](const IdGap& a, const IdGap& b) { return a.first < b.first; });
  return out;
}

}  // namespace

void HoleBoard::show(std::string_view instrument, Channel channel, const Coverage& coverage,
                     const Coverage::Totals& totals) {
  show(instrument, channel, most_wanted(coverage, totals),
       totals.open_gaps - std::min<std::size_t>(totals.open_gaps, kHolesMax));
}

void HoleBoard::show(std::string_view instrument, Channel channel, std::vector<IdGap> gaps,
                     std::size_t left_out) {
  const std::lock_guard lock(mutex_);
  StreamKey key(instrument, channel);
  const auto at = streams_.find(key);
  if (at == streams_.end() && gaps.empty()) return;
  Entry& entry = at != streams_.end() ? at->second : streams_[std::move(key)];
  if (gaps == entry.gaps && left_out == entry.left_out) return;
  entry.gaps = std::move(gaps);
  entry.left_out = left_out;
  entry.version = version_.load(std::memory_order_relaxed) + 1;
  version_.store(entry.version, std::memory_order_release);
}

std::vector<HoleBoard::Shown> HoleBoard::changes_since(std::uint64_t& version) const {
  std::vector<Shown> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : streams_) {
    if (entry.version > version) out.push_back({key, entry.gaps, entry.left_out});
  }
  version = version_.load(std::memory_order_relaxed);
  return out;
}

}  // namespace tapeline::feed
