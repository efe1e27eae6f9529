// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/decimal.h"
#include "base/int128.h"

namespace tapeline {

// An exact sum in 192 bits of two's complement, for terms at a fixed scale: room for every total
// that a DECIMAL(38,18) column can show, at any scale up to 36. Within it adding and merging
// commute. A sum that leaves it, even for a moment, stays marked as too large to show; it is never
// wrong. (Only notionals beyond 3e21 can do that, and only among negative prices could one come
// back.)
class Sum {
 public:
  constexpr void add(Int128 term) {
    const auto bits = static_cast<Uint128>(term);
    add_limbs(static_cast<std::uint64_t>(bits), static_cast<std::uint64_t>(bits >> 64),
              term < 0 ? -1 : 0);
  }

  // Adds price * size at scale 36. Exact: |product| < 2^126, times at most 10^36 < 2^120.
  constexpr void add_product(Decimal price, Decimal size) {
    const Int128 product = static_cast<Int128>(price.mantissa) * size.mantissa;
    const Uint128 factor = kPow10[static_cast<std::size_t>(36 - price.scale - size.scale)];
    const Uint128 term = magnitude(product);
    const auto a0 = static_cast<std::uint64_t>(term);
    const auto a1 = static_cast<std::uint64_t>(term >> 64);
    const auto b0 = static_cast<std::uint64_t>(factor);
    const auto b1 = static_cast<std::uint64_t>(factor >> 64);
    const Uint128 cross0 = static_cast<Uint128>(a0) * b0;
    const Uint128 cross1 = static_cast<Uint128>(a1) * b0 + (cross0 >> 64);
    const Uint128 cross2 = static_cast<Uint128>(a0) * b1 + static_cast<std::uint64_t>(cross1);
    const Uint128 top = static_cast<Uint128>(a1) * b1 + (cross1 >> 64) + (cross2 >> 64);
    if (top >> 63 != 0) return mark_overflow();
    auto low = static_cast<std::uint64_t>(cross0);
    auto middle = static_cast<std::uint64_t>(cross2);
    auto high = static_cast<std::int64_t>(top);
    if (product < 0) {  // two's complement: invert and add one
      low = ~low + 1;
      middle = ~middle + (low == 0 ? 1 : 0);
      high = ~high + (low == 0 && middle == 0 ? 1 : 0);
    }
    add_limbs(low, middle, high);
  }

  constexpr void merge(const Sum& other) {
    if (other.overflowed()) return mark_overflow();
    add_limbs(other.low_, other.middle_, other.high_);
  }

  [[nodiscard]] constexpr bool is_zero() const { return low_ == 0 && middle_ == 0 && high_ == 0; }

  // The sum, kept at `scale`, as the value of a DECIMAL(38,18) column times 10^18. Empty when it
  // needs more than 38 digits or more than 18 decimal places.
  [[nodiscard]] std::optional<Int128> as_column(int scale) const;

  // this / divisor, each kept at its own scale, rounded half-even to 18 places and scaled by
  // 10^18. Empty when the divisor is zero or the result does not fit a DECIMAL(38,18).
  [[nodiscard]] std::optional<Int128> divided_by(int scale, const Sum& divisor,
                                                 int divisor_scale) const;

  void save(ByteWriter& out) const { out.numbers(low_, middle_, ByteWriter::unsigned_of(high_)); }
  void load(ByteReader& in);

  friend constexpr bool operator==(const Sum&, const Sum&) = default;

 private:
  // The lowest value stands for every total beyond 192 bits; no column can show it either.
  static constexpr std::int64_t kOverflowed = INT64_MIN;

  [[nodiscard]] constexpr bool overflowed() const { return high_ == kOverflowed; }
  constexpr void mark_overflow() {
    low_ = middle_ = 0;
    high_ = kOverflowed;
  }

  constexpr void add_limbs(std::uint64_t low, std::uint64_t middle, std::int64_t high) {
    if (overflowed()) return;
    const Uint128 before = static_cast<Uint128>(middle_) << 64 | low_;
    const Uint128 after = before + (static_cast<Uint128>(middle) << 64 | low);
    low_ = static_cast<std::uint64_t>(after);
    middle_ = static_cast<std::uint64_t>(after >> 64);
    // A carry can bring a `high` that went beyond the lowest value back to just that: marked too.
    bool is_beyond = __builtin_add_overflow(high_, high, &high_);
    is_beyond |= __builtin_add_overflow(high_, std::int64_t{after < before}, &high_);
    if (is_beyond || overflowed()) [[unlikely]]
      mark_overflow();
  }

  std::uint64_t low_ = 0;
  std::uint64_t middle_ = 0;
  std::int64_t high_ = 0;
};

}  // namespace tapeline
