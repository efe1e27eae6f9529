// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace tapeline::serve {

// When what is new of one instrument goes out, in all its topics at once, so that who follows bars
// and trades is never told two prices: every kEvery, and at once for a bar that nobody was told of
// yet.
class Beat {
 public:
  static constexpr Duration kEvery = std::chrono::milliseconds(100);

  // There is a first change of a bar.
  void hurry() { is_hurried_ = true; }
  // Whether what is new goes out in the round of this time; asked by a topic that has some, and
  // answered alike to all of them.
  [[nodiscard]] bool strikes(std::int64_t now_ns) {
    if (now_ns == struck_ns_) return true;
    if (!is_hurried_ && now_ns - struck_ns_ < kEvery.count()) return false;
    struck_ns_ = now_ns;
    is_hurried_ = false;
    return true;
  }

 private:
  std::int64_t struck_ns_ = INT64_MIN / 2;
  bool is_hurried_ = false;
};

}  // namespace tapeline::serve
