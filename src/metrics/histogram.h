// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace tapeline::metrics {

// How long something took, each time, within an eighth: every power of two of nanoseconds has eight
// buckets. One writer; any thread may read it.
class Histogram {
 public:
  // What is negative counts as nothing.
  void add(Duration took) {
    const auto ns = static_cast<std::uint64_t>(took.count() > 0 ? took.count() : 0);
    std::atomic<std::uint64_t>& bucket = buckets_[bucket_of(ns)];
    bucket.store(bucket.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    sum_.store(sum_.load(std::memory_order_relaxed) + ns, std::memory_order_relaxed);
    if (ns > longest_.load(std::memory_order_relaxed)) {
      longest_.store(ns, std::memory_order_relaxed);
    }
  }

  // As it stood at one look, whoever adds meanwhile: the buckets are counted once.
  struct Copy {
    std::array<std::uint64_t, (64 - 3 + 1) << 3> buckets{};
    std::uint64_t count = 0;
    Duration sum{};

    // How many took at most this long, by their buckets' ends.
    [[nodiscard]] std::uint64_t at_most(Duration bound) const;
  };
  [[nodiscard]] Copy copy() const;

  [[nodiscard]] std::uint64_t count() const;
  // So many of a thousand took at most this long, or an eighth more; zero when there is none.
  [[nodiscard]] Duration quantile(unsigned per_mille) const;
  [[nodiscard]] Duration longest() const {
    return Duration(static_cast<std::int64_t>(longest_.load(std::memory_order_relaxed)));
  }

 private:
  static constexpr unsigned kBits = 3;  // of a value behind its highest
  static constexpr std::size_t kBuckets = (64 - kBits + 1) << kBits;

  static std::size_t bucket_of(std::uint64_t ns) {
    const auto width = static_cast<unsigned>(std::bit_width(ns));
    if (width <= kBits) return ns;
    const unsigned shift = width - kBits - 1;
    return (std::size_t{shift + 1} << kBits) + ((ns >> shift) & ((1U << kBits) - 1));
  }
  // The greatest value of a bucket.
  static std::uint64_t end_of(std::size_t bucket);

  std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
  std::atomic<std::uint64_t> longest_{0};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace tapeline::metrics
