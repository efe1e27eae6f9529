// SPDX-License-Identifier: Apache-2.0
#include "base/sum.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/big_int_oracle.h"

namespace tapeline {
namespace {

using boost::multiprecision::cpp_rational;

constexpr int kScale = 36;  // of products

cpp_int product(Decimal price, Decimal size) {
  return cpp_int(price.mantissa) * size.mantissa * power_of_ten(kScale - price.scale - size.scale);
}

// The oracles: what fits DECIMAL(38,18), times 10^18.
std::optional<cpp_int> column(const cpp_rational& value) {
  const cpp_rational scaled = value * power_of_ten(18);
  if (denominator(scaled) != 1 || abs(numerator(scaled)) >= power_of_ten(38)) return std::nullopt;
  return numerator(scaled);
}

std::optional<cpp_int> half_even_column(const cpp_rational& value) {
  const cpp_rational scaled = abs(value) * power_of_ten(18);
  cpp_int whole = numerator(scaled) / denominator(scaled);
  const cpp_rational rest = scaled - whole;
  const cpp_rational half(1, 2);
  if (rest > half || (rest == half && whole % 2 != 0)) ++whole;
  if (whole >= power_of_ten(38)) return std::nullopt;
  return value < 0 ? cpp_int(-whole) : whole;
}

std::optional<cpp_int> widened(std::optional<Int128> value) {
  return value ? std::optional(wide(*value)) : std::nullopt;
}

struct Fill {
  Decimal price;
  Decimal size;
};

Decimal any_decimal() {
  const auto mantissa = *rc::gen::weightedOneOf<std::int64_t>(
      {{6, rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000)},
       {3, rc::gen::arbitrary<std::int64_t>()},
       {1, rc::gen::element(INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0},
                            std::int64_t{1}, INT64_MAX)}});
  const auto scale =
      *rc::gen::weightedOneOf<int>({{3, rc::gen::inRange(0, 19)}, {2, rc::gen::just(8)}});
  return {mantissa, static_cast<std::uint8_t>(scale)};
}

std::vector<Fill> any_fills() {
  const auto count = *rc::gen::inRange<std::size_t>(0, 12);
  std::vector<Fill> fills(count);
  for (Fill& fill : fills) fill = {any_decimal(), any_decimal()};
  return fills;
}

TEST(Sum, starts_at_zero) {
  const Sum sum;
  EXPECT_TRUE(sum.is_zero());
  EXPECT_EQ(widened(sum.as_column(18)), cpp_int(0));
  EXPECT_EQ(widened(sum.as_column(36)), cpp_int(0));
  EXPECT_EQ(sum.divided_by(36, sum, 18), std::nullopt) << "there is no VWAP without volume";
}

TEST(Sum, usual_bar_is_exact) {
  Sum notional;
  Sum volume;
  for (const Fill& fill : {Fill{{6'000'012, 2}, {12'345, 8}}, Fill{{6'000'015, 2}, {5, 1}}}) {
    notional.add_product(fill.price, fill.size);
    volume.add(fill.size.at_scale_18());
  }
  // 60000.12 * 0.00012345 + 60000.15 * 0.5
  EXPECT_EQ(widened(notional.as_column(36)), cpp_int("30007482014814000000000"));
  EXPECT_EQ(widened(volume.as_column(18)), cpp_int("500123450000000000"));
  EXPECT_EQ(widened(notional.divided_by(36, volume, 18)), cpp_int("60000149992594828336884"));
}

TEST(Sum, is_zero_after_what_cancels) {
  Sum sum;
  sum.add_product({INT64_MAX, 18}, {INT64_MIN + 1, 18});
  EXPECT_FALSE(sum.is_zero());
  sum.add_product({INT64_MAX, 18}, {INT64_MAX, 18});
  EXPECT_TRUE(sum.is_zero());
  EXPECT_EQ(sum, Sum());
}

TEST(Sum, total_that_needs_more_than_38_digits_is_empty) {
  Sum sum;
  for (int i = 0; i < 10; ++i) sum.add(Decimal{INT64_MAX, 0}.at_scale_18());
  EXPECT_EQ(widened(sum.as_column(18)), cpp_int(INT64_MAX) * 10 * power_of_ten(18));
  sum.add(Decimal{INT64_MAX, 0}.at_scale_18());
  EXPECT_EQ(sum.as_column(18), std::nullopt) << "11 * 9.2e18 is beyond 10^20";
  sum.add(-Decimal{INT64_MAX, 0}.at_scale_18());
  EXPECT_EQ(widened(sum.as_column(18)), cpp_int(INT64_MAX) * 10 * power_of_ten(18))
      << "nothing was lost";
}

TEST(Sum, product_with_more_than_18_places_is_no_column) {
  Sum sum;
  sum.add_product({1, 10}, {1, 10});
  EXPECT_EQ(sum.as_column(36), std::nullopt);
  EXPECT_FALSE(sum.is_zero());
  for (int i = 1; i < 100; ++i) sum.add_product({1, 10}, {1, 10});
  EXPECT_EQ(widened(sum.as_column(36)), cpp_int(1)) << "100 * 10^-20";
}

TEST(Sum, overflow_stays_marked) {
  for (const std::int64_t price : {INT64_MAX, INT64_MIN}) {
    Sum sum;
    sum.add_product({price, 0}, {INT64_MAX, 0});
    EXPECT_FALSE(sum.is_zero());
    EXPECT_EQ(sum.as_column(36), std::nullopt);
    sum.add_product({price == INT64_MAX ? INT64_MIN : INT64_MAX, 0}, {INT64_MAX, 0});
    sum.add(1);
    EXPECT_EQ(sum.as_column(36), std::nullopt);
    Sum one;
    one.add(1);
    EXPECT_EQ(sum.divided_by(36, one, 18), std::nullopt);
    EXPECT_EQ(one.divided_by(36, sum, 18), std::nullopt);
    one.merge(sum);
    EXPECT_EQ(one.as_column(36), std::nullopt) << "merging carries the mark";
    EXPECT_EQ(one, sum);
  }
}

TEST(Sum, overflow_by_many_small_steps_is_marked) {
  // 2^62 * 10^36 / 2^191 is about 1/680: the sum passes its edge between two additions.
  for (const std::int64_t sign : {1, -1}) {
    Sum sum;
    cpp_int total = 0;
    const Decimal price{sign * (std::int64_t{1} << 62), 0};
    for (int i = 0; i < 2'000; ++i) {
      sum.add_product(price, {1, 0});
      total += product(price, {1, 0});
      const auto expected = column(cpp_rational(total, power_of_ten(36)));
      ASSERT_EQ(widened(sum.as_column(36)), expected) << i;
    }
  }
}

TEST(Sum, carries_pass_through_all_limbs) {
  for (const int bit : {63, 64, 126}) {
    Sum sum;
    const auto edge = static_cast<Int128>(Uint128{1} << bit);
    sum.add(edge - 1);
    sum.add(1);
    sum.add(-edge);
    EXPECT_TRUE(sum.is_zero()) << bit;
    sum.add(-1);
    EXPECT_EQ(widened(sum.as_column(18)), cpp_int(-1)) << bit;
    sum.add(1);
    EXPECT_TRUE(sum.is_zero()) << bit;
  }
  Sum least;
  least.add(static_cast<Int128>(Uint128{1} << 127));
  least.add(static_cast<Int128>((Uint128{1} << 127) - 1));
  EXPECT_EQ(widened(least.as_column(18)), cpp_int(-1));
}

RC_GTEST_PROP(Sum, column_is_exact_or_empty, ()) {
  Sum notional;
  Sum volume;
  cpp_int notional_wide = 0;
  cpp_int volume_wide = 0;
  bool within = true;  // no partial sum leaves 192 bits
  for (const Fill& fill : any_fills()) {
    notional.add_product(fill.price, fill.size);
    volume.add(fill.size.at_scale_18());
    const cpp_int term = product(fill.price, fill.size);
    notional_wide += term;
    volume_wide += wide(fill.size.at_scale_18());
    const cpp_int edge = cpp_int(1) << 191;
    within = within && abs(term) < edge && abs(notional_wide) < edge;
  }
  RC_CLASSIFY(within);
  const auto expected = column(cpp_rational(notional_wide, power_of_ten(36)));
  const auto actual = widened(notional.as_column(36));
  RC_ASSERT(actual == (within ? expected : std::nullopt));
  RC_ASSERT(widened(volume.as_column(18)) == column(cpp_rational(volume_wide, power_of_ten(18))));
  RC_ASSERT(volume.is_zero() == (volume_wide == 0));
  if (!within || volume_wide == 0) {
    RC_ASSERT(notional.divided_by(36, volume, 18) == std::nullopt);
  } else {
    RC_ASSERT(widened(notional.divided_by(36, volume, 18)) ==
              half_even_column(cpp_rational(notional_wide) / (volume_wide * power_of_ten(18))));
  }
}

RC_GTEST_PROP(Sum, any_order_and_grouping_give_the_same_members, ()) {
  // Prices and sizes as venues have them: every partial sum stays within 192 bits.
  const auto count = *rc::gen::inRange<std::size_t>(1, 20);
  std::vector<Sum> parts(count);
  Sum in_order;
  for (Sum& part : parts) {
    const Fill fill{{*rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000), 4},
                    {*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000), 8}};
    part.add_product(fill.price, fill.size);
    in_order.add_product(fill.price, fill.size);
  }
  while (parts.size() > 1) {
    const auto a = *rc::gen::inRange<std::size_t>(0, parts.size());
    std::swap(parts[a], parts.back());
    const Sum last = parts.back();
    parts.pop_back();
    parts[*rc::gen::inRange<std::size_t>(0, parts.size())].merge(last);
  }
  RC_ASSERT(parts.front() == in_order);
}

RC_GTEST_PROP(Sum, division_rounds_half_to_even, ()) {
  // Divisors of few primes meet exact halves often.
  const auto numerator_value = *rc::gen::inRange<std::int64_t>(-2'000'000, 2'000'000);
  const auto divisor_value = *rc::gen::element<std::int64_t>(1, -1, 2, -2, 3, 4, 8, 16, 40, -64, 7);
  const int scale = *rc::gen::element(0, 18, 19, 20, 36);
  const int divisor_scale = *rc::gen::element(0, 1, 18);
  Sum numerator_sum;
  Sum divisor;
  numerator_sum.add(numerator_value);
  divisor.add(divisor_value);
  const cpp_rational exact = cpp_rational(numerator_value) / divisor_value *
                             power_of_ten(divisor_scale) / power_of_ten(scale);
  RC_ASSERT(widened(numerator_sum.divided_by(scale, divisor, divisor_scale)) ==
            half_even_column(exact));
}

TEST(Sum, ties_go_to_the_even_neighbour) {
  // With ten zeros behind each it is computed another way.
  for (const Int128 factor : {Int128{1}, Int128{10'000'000'000}, Int128{10'000'000'000} * 10}) {
    for (const int sign : {1, -1}) {
      Sum two;
      two.add(2 * factor * sign);
      for (const auto& [value, expected] :
           {std::pair{1, 0}, {3, 2}, {5, 2}, {-1, 0}, {-3, -2}, {-5, -2}}) {
        Sum sum;
        sum.add(value * factor);
        EXPECT_EQ(widened(sum.divided_by(18, two, 0)), cpp_int(expected * sign)) << value;
      }
    }
  }
}

// Prices and sizes as venues have them: up to eight places, and nothing that leaves 192 bits.
RC_GTEST_PROP(Sum, usual_bars_divide_exactly, ()) {
  Sum notional;
  Sum volume;
  cpp_int notional_wide = 0;
  cpp_int volume_wide = 0;
  for (auto left = *rc::gen::inRange(1, 20); left > 0; --left) {
    const Decimal price{*rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000),
                        static_cast<std::uint8_t>(*rc::gen::inRange(2, 9))};
    const Decimal size{*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000),
                       static_cast<std::uint8_t>(*rc::gen::inRange(2, 9))};
    notional.add_product(price, size);
    volume.add(size.at_scale_18());
    notional_wide += product(price, size);
    volume_wide += wide(size.at_scale_18());
  }
  RC_PRE(volume_wide != 0);
  RC_ASSERT(widened(notional.as_column(36)) ==
            column(cpp_rational(notional_wide, power_of_ten(36))));
  RC_ASSERT(widened(notional.divided_by(36, volume, 18)) ==
            half_even_column(cpp_rational(notional_wide) / (volume_wide * power_of_ten(18))));
}

}  // namespace
}  // namespace tapeline
