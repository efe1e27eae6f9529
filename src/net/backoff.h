// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tapeline::net {

// How long to wait before the next attempt: a random part of a span that doubles with every
// failure up to a cap, so that many clients of one venue do not come back in step. The owner calls
// reset() at the first frame of data, not at a connection: a venue that accepts and then hangs up
// would otherwise be called without a pause.
class Backoff {
 public:
  struct Options {
    Duration first = std::chrono::seconds(1);
    Duration max = std::chrono::minutes(1);
  };

  explicit Backoff(const Options& options) : options_(options) {}
  Backoff() : Backoff(Options{}) {}

  // Uniform in [0, span()] if `random` is uniform in 64 bits. Doubles the span.
  Duration next(std::uint64_t random);
  void reset() { attempts_ = 0; }

  [[nodiscard]] Duration span() const;
  // Since the last reset().
  [[nodiscard]] std::uint32_t attempts() const { return attempts_; }

 private:
  Options options_;
  std::uint32_t attempts_ = 0;
};

}  // namespace tapeline::net
