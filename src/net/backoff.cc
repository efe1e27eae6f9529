// SPDX-License-Identifier: Apache-2.0
#include "net/backoff.h"

#include "base/int128.h"

namespace tapeline::net {

Duration Backoff::span() const {
  Duration span = options_.first;
  for (std::uint32_t i = 0; i < attempts_ && span < options_.max; ++i) {
    // Not doubled beyond the cap: no number of attempts overflows it.
    span = span > options_.max / 2 ? options_.max : span * 2;
  }
  return span < options_.max ? span : options_.max;
}

Duration Backoff::next(std::uint64_t random) {
  const Duration span = this->span();
  if (attempts_ < UINT32_MAX) ++attempts_;
  // The high half of a 64 x 64 bit product: uniform without a division.
  const auto values = static_cast<std::uint64_t>(span.count()) + 1;
  return Duration(static_cast<std::int64_t>((Uint128{random} * values) >> 64));
}

}  // namespace tapeline::net
