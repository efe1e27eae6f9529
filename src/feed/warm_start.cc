// SPDX-License-Identifier: Apache-2.0
#include "feed/warm_start.h"

#include <algorithm>
#include <utility>

namespace tapeline::feed {

void WarmStart::add(const StreamKey& stream, venue::HistoryWish wish, std::int64_t now_ns) {
  waiting_.push_back({.turn = {stream, std::move(wish)}, .until_ns = now_ns + kWithin.count()});
}

std::optional<WarmStart::Turn> WarmStart::next(std::int64_t now_ns) {
  left_out_ += std::erase_if(waiting_, [&](const Stream& it) { return now_ns > it.until_ns; });
  const auto at = std::find_if(waiting_.begin(), waiting_.end(),
                               [&](const Stream& it) { return now_ns >= it.due_ns; });
  if (at == waiting_.end()) return std::nullopt;
  asked_ = std::move(*at);
  waiting_.erase(at);
  return asked_.turn;
}

void WarmStart::answered(const venue::HistoryPage& page) {
  asked_.trades += page.rows;
  asked_.tries = 0;
  if (!page.rest) return;
  if (++asked_.pages >= kPagesMax || asked_.trades >= kTradesMax) return;
  asked_.turn.wish = *page.rest;
  waiting_.push_back(std::move(asked_));
}

void WarmStart::failed(bool is_hopeless, Duration pause, std::int64_t now_ns) {
  if (is_hopeless || ++asked_.tries >= kTriesMax) {
    ++left_out_;
    return;
  }
  asked_.due_ns = now_ns + pause.count();
  waiting_.push_back(std::move(asked_));
}

}  // namespace tapeline::feed
