// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/decimal.h"

namespace tapeline::store::duckdb {

// How the many small facts of a trade or a quote stand in one column, `traits`: a column of its own
// for each would cost as much as one for a number of 64 bits.
struct Bits {
  unsigned shift = 0;
  unsigned width = 1;

  [[nodiscard]] constexpr std::uint64_t mask() const { return (std::uint64_t{1} << width) - 1; }
  [[nodiscard]] constexpr std::uint64_t of(std::uint64_t value) const { return value << shift; }
  [[nodiscard]] constexpr std::uint8_t in(std::uint64_t traits) const {
    return static_cast<std::uint8_t>(traits >> shift & mask());
  }
  [[nodiscard]] std::string sql(std::string_view traits) const;
};

inline constexpr Bits kFlagBits{.shift = 0, .width = 8};
inline constexpr Bits kPriceScaleBits{.shift = 8, .width = 5};  // of quotes: the bid's
inline constexpr Bits kSizeScaleBits{.shift = 13, .width = 5};
// Of trades alone.
inline constexpr Bits kSideBits{.shift = 18, .width = 2};
inline constexpr Bits kChannelBits{.shift = 20, .width = 3};
inline constexpr Bits kFeedsBarsBit{.shift = 23};
inline constexpr Bits kIdleKnownBit{.shift = 24};
inline constexpr Bits kContiguousBit{.shift = 25};
// How much less than all it counts for, in steps of Counts: 0 where nobody knew of that yet.
inline constexpr Bits kCountsLessBits{.shift = 26, .width = 2};
// Of quotes alone.
inline constexpr Bits kAskPriceScaleBits{.shift = 18, .width = 5};
inline constexpr Bits kAskSizeScaleBits{.shift = 23, .width = 5};
inline constexpr Bits kHasBidSizeBit{.shift = 28};
inline constexpr Bits kHasAskSizeBit{.shift = 29};

// Prices and sizes stand as mantissa and scale, since a DECIMAL(38,18) is a number of 128 bits that
// costs a store as much as eight of 64. All of an instrument stand at the largest scale that it has
// had, as far as 64 bits hold it: numbers of one scale compress well.
class Scale {
 public:
  // Exact, and at most not normalised.
  Decimal align(Decimal value) {
    if (value.scale >= scale_) {
      scale_ = value.scale;
      return value;
    }
    // 10^18 fits 64 bits.
    const auto factor =
        static_cast<std::int64_t>(kPow10[static_cast<std::size_t>(scale_ - value.scale)]);
    std::int64_t mantissa = 0;
    if (__builtin_mul_overflow(value.mantissa, factor, &mantissa)) return value;
    return {mantissa, scale_};
  }

 private:
  std::uint8_t scale_ = 0;
};

// The inverse: without trailing zeros.
Decimal normalised(std::int64_t mantissa, std::uint8_t scale);

}  // namespace tapeline::store::duckdb
