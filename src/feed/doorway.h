// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "venue/session.h"

namespace tapeline::feed {

// Through which every new connection to one venue goes, whichever feed wants it, so that there are
// never more in a time than the venue lets in. Times are monotonic.
class Doorway {
 public:
  explicit Doorway(const venue::SessionFacts& facts) : facts_(facts) {}

  [[nodiscard]] bool is_open(std::int64_t now_ns) const {
    return facts_.connects_max == 0 || passed_ns_.size() < facts_.connects_max ||
           now_ns - passed_ns_.front() >= facts_.connects_within.count();
  }
  void pass(std::int64_t now_ns) {
    if (facts_.connects_max == 0) return;
    if (passed_ns_.size() == facts_.connects_max) passed_ns_.pop_front();
    passed_ns_.push_back(now_ns);
  }

 private:
  const venue::SessionFacts& facts_;
  std::deque<std::int64_t> passed_ns_;  // the last ones, at most so many as may pass at once
};

}  // namespace tapeline::feed
