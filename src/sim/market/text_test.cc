// SPDX-License-Identifier: Apache-2.0
#include "sim/market/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace tapeline::sim {
namespace {

std::string fixed_text(Int128 units, int places) {
  std::string text;
  append_fixed(text, units, places);
  return text;
}

std::string exact_text(Int128 units, int places) {
  std::string text;
  append_exact(text, units, places);
  return text;
}

std::string quotient_text(const Quotient& quotient) {
  std::string text;
  append_quotient(text, quotient);
  return text;
}

std::string utc_text(std::int64_t unix_ns, int digits) {
  std::string text;
  append_utc(text, unix_ns, digits);
  return text;
}

TEST(SimText, fixed_keeps_every_place) {
  EXPECT_EQ(fixed_text(4125010, 2), "41250.10");
  EXPECT_EQ(fixed_text(1305, 8), "0.00001305");
  EXPECT_EQ(fixed_text(0, 3), "0.000");
  EXPECT_EQ(fixed_text(-5, 1), "-0.5");
  EXPECT_EQ(fixed_text(70, 0), "70");
}

TEST(SimText, exact_has_no_trailing_zeros) {
  EXPECT_EQ(exact_text(4125010, 2), "41250.1");
  EXPECT_EQ(exact_text(4125000, 2), "41250");
  EXPECT_EQ(exact_text(700, 0), "700");
  EXPECT_EQ(exact_text(0, 8), "0");
  const Int128 large = static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) * 1000;
  EXPECT_EQ(exact_text(large, 18), "9223.372036854775807");
}

TEST(SimText, quotients_are_rounded_half_even_to_18_places) {
  EXPECT_EQ(quotient_text({.numerator = 1, .denominator = 3}), "0.333333333333333333");
  EXPECT_EQ(quotient_text({.numerator = 2, .denominator = 3}), "0.666666666666666667");
  EXPECT_EQ(quotient_text({.numerator = 10, .denominator = 4}), "2.5");
  // 1 / (2 * 10^18) is half of the last place: to the even neighbour, down and up.
  EXPECT_EQ(quotient_text({.numerator = 1, .denominator = 2'000'000'000'000'000'000}), "0");
  EXPECT_EQ(quotient_text({.numerator = 3, .denominator = 2'000'000'000'000'000'000}),
            "0.000000000000000002");
  // 41250.10 * 0.25 / 0.25
  EXPECT_EQ(quotient_text({.numerator = 103'125'250'000,
                           .numerator_places = 7,
                           .denominator = 25'000,
                           .denominator_places = 5}),
            "41250.1");
}

TEST(SimText, times_are_cut_to_their_digits) {
  EXPECT_EQ(utc_text(1'618'677'817'089'723'999, 6), "2021-04-17T16:43:37.089723Z");
  EXPECT_EQ(utc_text(1'618'677'817'089'723'999, 3), "2021-04-17T16:43:37.089Z");
  EXPECT_EQ(utc_text(0, 9), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(utc_text(951'782'400'000'000'000, 6), "2000-02-29T00:00:00.000000Z");
}

TEST(SimText, json_text_escapes_what_json_wants_escaped) {
  std::string text;
  append_json_text(text, "a\"b\\c\nd");
  EXPECT_EQ(text, "a\\\"b\\\\c\\u000ad");
}

}  // namespace
}  // namespace tapeline::sim
