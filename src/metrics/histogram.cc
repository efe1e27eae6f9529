// SPDX-License-Identifier: Apache-2.0
#include "metrics/histogram.h"

#include <algorithm>
#include <tuple>

namespace tapeline::metrics {

std::uint64_t Histogram::end_of(std::size_t bucket) {
  if (bucket < std::size_t{1} << kBits) return bucket;
  const std::size_t shift = (bucket >> kBits) - 1;
  const std::uint64_t leading = (bucket & ((1U << kBits) - 1)) | (1U << kBits);
  return ((leading + 1) << shift) - 1;
}

Histogram::Copy Histogram::copy() const {
  static_assert(std::tuple_size_v<decltype(Copy::buckets)> == kBuckets);
  Copy out;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    out.buckets[i] = buckets_[i].load(std::memory_order_relaxed);
    out.count += out.buckets[i];
  }
  out.sum = Duration(static_cast<std::int64_t>(sum_.load(std::memory_order_relaxed)));
  return out;
}

std::uint64_t Histogram::Copy::at_most(Duration bound) const {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (end_of(i) > static_cast<std::uint64_t>(bound.count())) break;
    seen += buckets[i];
  }
  return seen;
}

std::uint64_t Histogram::count() const {
  std::uint64_t sum = 0;
  for (const auto& bucket : buckets_) sum += bucket.load(std::memory_order_relaxed);
  return sum;
}

Duration Histogram::quantile(unsigned per_mille) const {
  const std::uint64_t all = count();
  const std::uint64_t wanted = (all * per_mille + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets && wanted > 0; ++i) {
    seen += buckets_[i].load(std::memory_order_relaxed);
    if (seen >= wanted) return std::min(Duration(static_cast<std::int64_t>(end_of(i))), longest());
  }
  return Duration(0);
}

}  // namespace tapeline::metrics
