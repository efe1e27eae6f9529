// SPDX-License-Identifier: Apache-2.0
#include "serve/history.h"

namespace tapeline::serve {

bool History::ask(Search search) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kWaitingMax) return false;
  waiting_.push_back(std::move(search));
  return true;
}

std::size_t History::take_found() {
  std::deque<Found> found;
  {
    const std::lock_guard lock(mutex_);
    found.swap(found_);
  }
  for (const Found& each : found) each();
  return found.size();
}

std::size_t History::run(store::Reader& reader) {
  Search search;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return 0;
    search = std::move(waiting_.front());
    waiting_.pop_front();
  }
  Found found = search(reader);
  const std::lock_guard lock(mutex_);
  found_.push_back(std::move(found));
  return 1;
}

}  // namespace tapeline::serve
