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

// What a bar shows mostly fits numbers of the machine's own, which cost a tenth of wide ones.
class Amount {
 public:
  Amount(std::uint64_t low, std::uint64_t middle, std::int64_t high)
      : is_negative_(high < 0), limbs_{low, middle, static_cast<std::uint64_t>(high)} {
    if (!is_negative_) return;
    for (std::uint64_t& limb : limbs_) limb = ~limb;
    add_one();
  }

  // Leaves the quotient of the absolute values, and gives the rest.
  std::uint64_t divide(std::uint64_t divisor) {
    std::uint64_t rest = 0;
    for (std::size_t i = limbs_.size(); i-- > 0;) {
      const Uint128 part = static_cast<Uint128>(rest) << 64 | limbs_[i];
      limbs_[i] = static_cast<std::uint64_t>(part / divisor);  // the rest is less: it fits
      rest = static_cast<std::uint64_t>(part - static_cast<Uint128>(limbs_[i]) * divisor);
    }
    return rest;
  }
  void add_one() {
    for (std::uint64_t& limb : limbs_) {
      if (++limb != 0) return;
    }
  }
  void negate() { is_negative_ = !is_negative_; }

  [[nodiscard]] bool is_negative() const { return is_negative_; }
  [[nodiscard]] bool is_odd() const { return limbs_[0] % 2 != 0; }
  // Where it is one limb.
  [[nodiscard]] std::optional<std::uint64_t> narrow() const {
    if (limbs_[1] != 0 || limbs_[2] != 0) return std::nullopt;
    return limbs_[0];
  }
  [[nodiscard]] std::optional<Int128> as_column() const {
    const Uint128 value = static_cast<Uint128>(limbs_[1]) << 64 | limbs_[0];
    if (limbs_[2] != 0 || value >= kColumnEnd) return std::nullopt;
    return is_negative_ ? -static_cast<Int128>(value) : static_cast<Int128>(value);
  }

 private:
  static constexpr Uint128 kColumnEnd = kPow10[38];

  bool is_negative_;
  std::array<std::uint64_t, 3> limbs_;  // the lowest first
};

constexpr std::uint64_t kCommonFactor = 10'000'000'000;

// The quotient of two sums whose scales cancel, if both end in ten decimal zeros, as they do up to
// eight places, and the divisor is no larger than one limb without them.
std::optional<Amount> divide_narrow(Amount numerator, Amount denominator) {
  if (numerator.divide(kCommonFactor) != 0 || denominator.divide(kCommonFactor) != 0) return {};
  const auto divisor = denominator.narrow();
  if (!divisor) return {};
  if (denominator.is_negative()) numerator.negate();
  const std::uint64_t rest = numerator.divide(*divisor);
  const std::uint64_t to_next = *divisor - rest;
  if (rest > to_next || (rest == to_next && numerator.is_odd())) numerator.add_one();
  return numerator;
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
  if (scale < Decimal::kScaleMax) {
    return to_column(to_wide(low_, middle_, high_) * pow10(Decimal::kScaleMax - scale));
  }
  Amount amount(low_, middle_, high_);
  if (scale > Decimal::kScaleMax) {
    const Uint128 places = kPow10[static_cast<std::size_t>(scale - Decimal::kScaleMax)];
    if (amount.divide(static_cast<std::uint64_t>(places)) != 0) return std::nullopt;
  }
  return amount.as_column();
}

std::optional<Int128> Sum::divided_by(int scale, const Sum& divisor, int divisor_scale) const {
  if (overflowed() || divisor.overflowed() || divisor.is_zero()) return std::nullopt;
  const int up = Decimal::kScaleMax + divisor_scale - scale;
  if (up == 0) {
    const auto quotient = divide_narrow(Amount(low_, middle_, high_),
                                        Amount(divisor.low_, divisor.middle_, divisor.high_));
    if (quotient) return quotient->as_column();
  }
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
