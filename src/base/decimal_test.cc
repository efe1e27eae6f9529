// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>

#include "base/big_int_oracle.h"

namespace tapeline {
namespace {

static_assert(parse_decimal("400.230") == Decimal{40'023, 2});
static_assert(!parse_decimal("1e400"));
static_assert(Decimal{1, 18}.at_scale_18() == 1);

// A text and what it says: (whole * 10^places + fraction) / 10^places.
struct WrittenDecimal {
  std::string text;
  cpp_int value;
  int places = 0;
};

WrittenDecimal write(bool negative, const std::string& whole, const std::string& fraction) {
  WrittenDecimal out;
  out.text = (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
  for (const char c : whole + fraction) out.value = out.value * 10 + (c - '0');
  if (negative) out.value = -out.value;
  out.places = static_cast<int>(fraction.size());
  return out;
}

WrittenDecimal any_written_decimal() {
  const auto digits = [](int max) {
    return *rc::gen::resize(max, rc::gen::container<std::string>(rc::gen::oneOf(
                                     rc::gen::just('0'), rc::gen::inRange('0', ':'))));
  };
  return write(*rc::gen::arbitrary<bool>(), digits(22) + *rc::gen::inRange('0', ':'), digits(22));
}

TEST(Decimal, reads_what_venues_write) {
  EXPECT_EQ(parse_decimal("0"), (Decimal{0, 0}));
  EXPECT_EQ(parse_decimal("60000.12"), (Decimal{6'000'012, 2}));
  EXPECT_EQ(parse_decimal("0.00012345"), (Decimal{12'345, 8}));
  EXPECT_EQ(parse_decimal("-37.63"), (Decimal{-3'763, 2}));
  EXPECT_EQ(parse_decimal("007"), (Decimal{7, 0}));
}

TEST(Decimal, equal_numbers_have_equal_members) {
  for (const auto* text : {"1.5", "1.50", "01.5", "1.500000000000000000000000000000"}) {
    EXPECT_EQ(parse_decimal(text), (Decimal{15, 1})) << text;
  }
  for (const auto* text : {"0", "-0", "0.0", "-0.000", "000"}) {
    EXPECT_EQ(parse_decimal(text), (Decimal{0, 0})) << text;
  }
  EXPECT_EQ(parse_decimal("100"), (Decimal{100, 0})) << "a scale is never negative";
}

TEST(Decimal, limits_are_read_and_one_beyond_is_refused) {
  EXPECT_EQ(parse_decimal("9223372036854775807"), (Decimal{INT64_MAX, 0}));
  EXPECT_EQ(parse_decimal("9.223372036854775807"), (Decimal{INT64_MAX, 18}));
  EXPECT_EQ(parse_decimal("-9223372036854775808"), (Decimal{INT64_MIN, 0}));
  EXPECT_EQ(parse_decimal("-9.223372036854775808"), (Decimal{INT64_MIN, 18}));
  EXPECT_EQ(parse_decimal("0.000000000000000001"), (Decimal{1, 18}));
  for (const auto* text :
       {"9223372036854775808", "-9223372036854775809", "9.223372036854775808",
        "18446744073709551616", "10000000000000000000", "99999999999999999999",
        "0.0000000000000000001", "1.0000000000000000001", "123456789012345678.12"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
}

TEST(Decimal, refuses_everything_that_is_no_plain_number) {
  for (const auto* text :
       {"",    "-",    ".",   "-.",  "1.",    ".5",       "-.5",   "+1",    "--1",  "1-",   "1e5",
        "1E5", "1e-5", " 1",  "1 ",  "1 000", "1,5",      "1_000", "1.2.3", "1..2", "0x10", "nan",
        "inf", "1.5f", "1/2", "\t1", "1\n",   "\xD9\xA1", "1.x",   "1.x0",  "1.-0", "0.0.0"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_decimal(std::string_view("1\0", 2)), std::nullopt);
  EXPECT_EQ(parse_decimal(std::string_view("1.5\0", 4)), std::nullopt);
}

RC_GTEST_PROP(Decimal, reading_agrees_with_big_integers, ()) {
  const WrittenDecimal written = any_written_decimal();
  cpp_int value = written.value;
  int places = written.places;
  for (; places > 0 && value % 10 == 0; --places) value /= 10;
  const bool fits = places <= Decimal::kScaleMax && value <= INT64_MAX && value >= INT64_MIN;
  const auto parsed = parse_decimal(written.text);
  RC_CLASSIFY(fits);
  RC_ASSERT(parsed.has_value() == fits);
  if (!fits) return;
  RC_ASSERT(cpp_int(parsed->mantissa) == value);
  RC_ASSERT(int{parsed->scale} == places);
}

RC_GTEST_PROP(Decimal, text_comes_back_without_spare_zeros, (std::int64_t mantissa)) {
  const int scale = *rc::gen::inRange(0, 19);
  std::string text;
  append_scaled(text, mantissa, scale);
  const auto parsed = parse_decimal(text);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(to_string(*parsed) == text);
  RC_ASSERT(wide(parsed->at_scale_18()) == cpp_int(mantissa) * power_of_ten(18 - scale));
  RC_ASSERT(text.find('.') == std::string::npos || text.back() != '0');
  RC_ASSERT(!text.starts_with('.') && !text.ends_with('.'));
}

TEST(Decimal, scale_18_holds_the_extremes) {
  EXPECT_EQ(wide(Decimal{INT64_MAX, 0}.at_scale_18()), cpp_int(INT64_MAX) * power_of_ten(18));
  EXPECT_EQ(wide(Decimal{INT64_MIN, 0}.at_scale_18()), cpp_int(INT64_MIN) * power_of_ten(18));
  EXPECT_EQ(wide(Decimal{INT64_MIN, 18}.at_scale_18()), cpp_int(INT64_MIN));
}

TEST(Decimal, prints_exact_text) {
  EXPECT_EQ(to_string({0, 0}), "0");
  EXPECT_EQ(to_string({5, 1}), "0.5");
  EXPECT_EQ(to_string({-5, 3}), "-0.005");
  EXPECT_EQ(to_string({1, 18}), "0.000000000000000001");
  EXPECT_EQ(to_string({INT64_MIN, 0}), "-9223372036854775808");
  EXPECT_EQ(to_string({INT64_MIN, 18}), "-9.223372036854775808");
}

TEST(AppendScaled, appends_behind_what_is_there) {
  std::string out = "x=";
  append_scaled(out, 1'500, 3);
  EXPECT_EQ(out, "x=1.5");
  append_scaled(out, 0, 18);
  EXPECT_EQ(out, "x=1.50");
}

RC_GTEST_PROP(AppendScaled, agrees_with_big_integers_over_all_128_bits,
              (std::uint64_t high, std::uint64_t low)) {
  const auto value = static_cast<Int128>(static_cast<Uint128>(high) << 64 | low);
  const int scale = *rc::gen::inRange(0, 39);
  std::string text;
  append_scaled(text, value, scale);

  cpp_int size = abs(wide(value));
  int places = scale;
  for (; places > 0 && size % 10 == 0; --places) size /= 10;
  std::string digits = size.str();
  const auto behind = static_cast<std::size_t>(places);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - behind, ".");
  RC_ASSERT(text == (value < 0 ? "-" : "") + digits);
}

TEST(AppendScaled, prints_the_least_128_bit_number) {
  std::string out;
  append_scaled(out, static_cast<Int128>(Uint128{1} << 127), 0);
  EXPECT_EQ(out, "-170141183460469231731687303715884105728");
}

}  // namespace
}  // namespace tapeline
