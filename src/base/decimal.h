// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/int128.h"

namespace tapeline {

// An exact decimal number: mantissa / 10^scale, normalised (no trailing zeros, zero has scale 0),
// so that equal numbers have equal members. Scale is 0..18.
struct Decimal {
  std::int64_t mantissa = 0;
  std::uint8_t scale = 0;

  static constexpr std::uint8_t kScaleMax = 18;

  // The value times 10^18: every Decimal is a whole number there, and none overflows.
  [[nodiscard]] constexpr Int128 at_scale_18() const {
    // 10^18 fits 64 bits: one multiplication.
    const auto factor =
        static_cast<std::int64_t>(kPow10[static_cast<std::size_t>(kScaleMax - scale)]);
    return static_cast<Int128>(mantissa) * factor;
  }

  friend constexpr bool operator==(Decimal, Decimal) = default;
};

// Reads digits, at most one point with digits on both sides, and a leading minus. Refuses
// everything else - exponents, plus signs, blanks, more than 18 significant decimal places, a
// mantissa beyond 64 bits - and never rounds.
constexpr std::optional<Decimal> parse_decimal(std::string_view text) {
  const char* cursor = text.data();
  const char* end = cursor + text.size();
  const bool negative = cursor != end && *cursor == '-';
  if (negative) ++cursor;

  std::uint64_t value = 0;
  int digits = 0;  // significant digits taken into value; 19 always fit 64 bits
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto take = [&](char c) {
    if (value != 0 || c != '0') ++digits;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return digits <= 19;
  };

  const char* whole = cursor;
  for (; cursor != end && is_digit(*cursor); ++cursor) {
    if (!take(*cursor)) return std::nullopt;
  }
  if (cursor == whole) return std::nullopt;

  int scale = 0;
  if (cursor != end) {
    if (*cursor != '.') return std::nullopt;
    const char* fraction = ++cursor;
    // Trailing zeros say nothing; left out first, they can neither overflow nor cost time.
    while (end != fraction && end[-1] == '0') --end;
    if (end == fraction && (text.back() != '0')) return std::nullopt;
    for (; cursor != end && is_digit(*cursor); ++cursor) {
      if (!take(*cursor)) return std::nullopt;
    }
    if (cursor != end) return std::nullopt;
    scale = static_cast<int>(end - fraction);
    if (scale > Decimal::kScaleMax) return std::nullopt;
  }
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value > kMax + (negative ? 1 : 0)) return std::nullopt;
  const auto mantissa = static_cast<std::int64_t>(negative ? 0 - value : value);
  return Decimal{mantissa, static_cast<std::uint8_t>(scale)};
}

// Appends value / 10^scale as exact text: no exponent, no trailing zeros, no plus sign.
void append_scaled(std::string& out, Int128 value, int scale);

inline void append_decimal(std::string& out, Decimal value) {
  append_scaled(out, value.mantissa, value.scale);
}

std::string to_string(Decimal value);

}  // namespace tapeline
