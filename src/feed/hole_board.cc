// SPDX-License-Identifier: Apache-2.0
#include "feed/hole_board.h"

#include <algorithm>
#include <cstddef>

namespace tapeline::feed {

void HoleBoard::show(std::string_view instrument, Channel channel, const std::vector<IdGap>& gaps) {
  const std::size_t skipped = gaps.size() - std::min(gaps.size(), kHolesMax);
  const auto begin = gaps.begin() + static_cast<std::ptrdiff_t>(skipped);
  const std::lock_guard lock(mutex_);
  StreamKey key(instrument, channel);
  const auto at = streams_.find(key);
  if (at == streams_.end() && gaps.empty()) return;
  Entry& entry = at != streams_.end() ? at->second : streams_[std::move(key)];
  if (std::equal(begin, gaps.end(), entry.gaps.begin(), entry.gaps.end())) return;
  entry.gaps.assign(begin, gaps.end());
  entry.version = version_.load(std::memory_order_relaxed) + 1;
  version_.store(entry.version, std::memory_order_release);
}

std::vector<HoleBoard::Shown> HoleBoard::changes_since(std::uint64_t& version) const {
  std::vector<Shown> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : streams_) {
    if (entry.version > version) out.push_back({key, entry.gaps});
  }
  version = version_.load(std::memory_order_relaxed);
  return out;
}

}  // namespace tapeline::feed
