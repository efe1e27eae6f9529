// SPDX-License-Identifier: Apache-2.0
#include "feed/outlet.h"

namespace tapeline::feed {

void Outlet::add(const journal::Record& record) {
  if (!offer(record)) waiting_.push_back({record, std::string(record.bytes)});
}

std::size_t Outlet::flush() {
  std::size_t passed = 0;
  while (!waiting_.empty()) {
    journal::Record record = waiting_.front().record;
    record.bytes = waiting_.front().bytes;
    if (ring_.offer(record) == Offer::kFull) break;
    waiting_.pop_front();
    ++passed;
  }
  return passed;
}

ConnectionId Outlet::take_connection() {
  const ConnectionId taken = next_connection_;
  next_connection_ = ConnectionId(taken.value() + 1);
  return taken;
}

}  // namespace tapeline::feed
