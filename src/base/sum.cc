// SPDX-License-Identifier: Apache-2.0
#include "base/sum.h"

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>

namespace tapeline {
namespace {

// Only at output: a bar's sums are divided and shown once, not per trade.
using Wide = boost::multiprecision::int512_t;

Wide to_wide(std::uint64_t low, std::uint64_t middle, std::int64_t high) {
  return (Wide(high) << 128) + (Wide(middle) << 64) + low;
}

// Up to the most that the scales of two sums can ask for.
const Wide& pow10(int exponent) {
  static const auto kPowers = [] {
    std::array<Wide, 73> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  return kPowers.at(static_cast<std::size_t>(exponent));
}

std::optional<Int128> to_column(const Wide& value) {
  const Wide& limit = pow10(38);
  if (value >= limit || value <= -limit) return std::nullopt;
  const Wide size = value < 0 ? Wide(-value) : value;
  const auto low = static_cast<std::uint64_t>(size & Wide(~std::uint64_t{0}));
  const auto high = static_cast<std::uint64_t>(size >> 64);
  const auto bits = static_cast<Int128>((static_cast<Uint128>(high) << 64) | low);
  return value < 0 ? -bits : bits;
}

}  // namespace

void Sum::load(ByteReader& in) {
  low_ = in.number<std::uint64_t>();
  middle_ = in.number<std::uint64_t>();
  high_ = in.integer();
  in.require(!overflowed() || (low_ == 0 && middle_ == 0), "a sum is out of range");
}

std::optional<Int128> Sum::as_column(int scale) const {
  if (overflowed()) return std::nullopt;
  const Wide value = to_wide(low_, middle_, high_);
  if (scale <= Decimal::kScaleMax) return to_column(value * pow10(Decimal::kScaleMax - scale));
  Wide quotient;
  Wide rest;
  divide_qr(value, pow10(scale - Decimal::kScaleMax), quotient, rest);
  return rest == 0 ? to_column(quotient) : std::nullopt;
}

std::optional<Int128> Sum::divided_by(int scale, const Sum& divisor, int divisor_scale) const {
  if (overflowed() || divisor.overflowed() || divisor.is_zero()) return std::nullopt;
  const int up = Decimal::kScaleMax + divisor_scale - scale;
  Wide numerator = to_wide(low_, middle_, high_);
  Wide denominator = to_wide(divisor.low_, divisor.middle_, divisor.high_);
  if (up > 0) numerator *= pow10(up);
  if (up < 0) denominator *= pow10(-up);
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const bool negative = numerator < 0;
  if (negative) numerator = -numerator;
  Wide quotient;
  Wide rest;
  divide_qr(numerator, denominator, quotient, rest);
  const Wide twice = rest * 2;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) ++quotient;
  return to_column(negative ? Wide(-quotient) : quotient);
}

}  // namespace tapeline
