// SPDX-License-Identifier: Apache-2.0
#include "feed/hole_board.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tapeline::feed {
namespace {

// Whether back-fill asks for it by itself.
bool is_open(const IdGap& gap) {
  return gap.state == GapState::kOpen && gap.cause != GapCause::kLate;
}

// Keeps the newest holes of that kind, as far as there is room.
void mark_newest(const std::vector<IdGap>& gaps, bool open, std::vector<bool>& is_kept,
                 std::size_t& room) {
  for (std::size_t i = gaps.size(); i > 0 && room > 0; --i) {
    if (is_open(gaps[i - 1]) != open) continue;
    is_kept[i - 1] = true;
    --room;
  }
}

std::vector<IdGap> most_wanted(const std::vector<IdGap>& gaps) {
  if (gaps.size() <= HoleBoard::kHolesMax) return gaps;
  std::vector<bool> is_kept(gaps.size());
  std::size_t room = HoleBoard::kHolesMax;
  mark_newest(gaps, true, is_kept, room);
  mark_newest(gaps, false, is_kept, room);
  std::vector<IdGap> out;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    if (is_kept[i]) out.push_back(gaps[i]);
  }
  return out;
}

std::size_t open_in(const std::vector<IdGap>& gaps) {
  return static_cast<std::size_t>(std::count_if(gaps.begin(), gaps.end(), is_open));
}

}  // namespace

void HoleBoard::show(std::string_view instrument, Channel channel, const std::vector<IdGap>& gaps) {
  std::vector<IdGap> shown = most_wanted(gaps);
  const std::size_t left_out = open_in(gaps) - open_in(shown);
  const std::lock_guard lock(mutex_);
  StreamKey key(instrument, channel);
  const auto at = streams_.find(key);
  if (at == streams_.end() && gaps.empty()) return;
  Entry& entry = at != streams_.end() ? at->second : streams_[std::move(key)];
  if (shown == entry.gaps && left_out == entry.left_out) return;
  entry.gaps = std::move(shown);
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
