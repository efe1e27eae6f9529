// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

#include "base/decimal.h"

namespace tapeline {

// Numbers read eight digits at a time from text that lies in a larger buffer. These functions read
// up to kNumberPadding bytes behind the text, and never let them count.
inline constexpr std::size_t kNumberPadding = 16;

namespace padded {

static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");

inline std::uint64_t load8(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// The values of `count` (1..8) digits in the upper bytes of a word, the last digit on top. What is
// no digit becomes a byte above 9.
inline std::uint64_t load_digits(const char* at, std::size_t count) {
  return (load8(at) ^ 0x3030303030303030) << (64 - 8 * count);
}

// Two numbers of eight digits each, as load_digits gives them.
struct DigitPair {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

// Whether every byte is 0..9, and then both numbers.
[[gnu::always_inline]] inline bool join_digits(std::uint64_t first, std::uint64_t second,
                                               DigitPair& out) {
#if defined(__SSE4_1__)
  const __m128i digits =
      _mm_set_epi64x(static_cast<std::int64_t>(second), static_cast<std::int64_t>(first));
  const __m128i above = _mm_subs_epu8(digits, _mm_set1_epi8(9));
  // Weights 10 and 1, then 100 and 1, then 10,000 and 1, the greater one in the lower half.
  const __m128i twos = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
  const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(0x00010064));
  const __m128i packed = _mm_packus_epi32(fours, fours);
  const __m128i eights = _mm_madd_epi16(packed, _mm_set1_epi32(0x00012710));
  const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
  out = {both & 0xFFFFFFFF, both >> 32};
  return _mm_testz_si128(above, above) != 0;
#else
  const auto join = [](std::uint64_t values) {
    values = values * 2561 >> 8 & 0x00FF00FF00FF00FF;      // 10 and 1
    values = values * 6553601 >> 16 & 0x0000FFFF0000FFFF;  // 100 and 1
    return values * 42949672960001 >> 32;                  // 10,000 and 1
  };
  const auto above = [](std::uint64_t values) { return (values + 0x7676767676767676) | values; };
  out = {join(first), join(second)};
  return ((above(first) | above(second)) & 0x8080808080808080) == 0;
#endif
}

// How many bytes stand before the first '.', at most eight.
inline std::size_t bytes_before_point(const char* at) {
#if defined(__SSE4_1__)
  const __m128i word = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
  const auto points =
      static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(word, _mm_set1_epi8('.'))));
  return static_cast<std::size_t>(std::countr_zero(points | 0x100U));
#else
  const std::uint64_t apart = load8(at) ^ 0x2E2E2E2E2E2E2E2E;
  const std::uint64_t points = (apart - 0x0101010101010101) & ~apart & 0x8080808080808080;
  return static_cast<std::size_t>(std::countr_zero(points)) / 8;
#endif
}

}  // namespace padded

// Reads 1 to 16 digits and nothing else. Empty for anything else, longer numbers too.
[[gnu::always_inline]] inline std::optional<std::uint64_t> parse_digits_padded(
    std::string_view text) {
  const std::size_t size = text.size();
  if (size - 1 > 15) [[unlikely]]
    return std::nullopt;
  // Up to eight digits are the second number; what is before them is the first.
  const std::size_t head = size > 8 ? size - 8 : 0;
  const std::uint64_t first = size > 8 ? padded::load_digits(text.data(), head) : 0;
  const std::uint64_t second = padded::load_digits(text.data() + head, size - head);
  padded::DigitPair numbers;
  if (!padded::join_digits(first, second, numbers)) [[unlikely]]
    return std::nullopt;
  return numbers.first * 100'000'000 + numbers.second;
}

// The same answer as parse_decimal. Quick for up to eight digits, or up to eight on either side of
// a point, which is nearly every price and size.
[[gnu::always_inline]] inline std::optional<Decimal> parse_decimal_padded(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const char* at = text.data() + (negative ? 1 : 0);
  const std::size_t size = text.size() - (negative ? 1 : 0);
  const std::size_t before = padded::bytes_before_point(at);
  const std::size_t behind = size - before - 1;
  // Without a point, with nothing on one side of it, or with more.
  if (before - 1 > 7 || behind - 1 > 7 || at[before] != '.') [[unlikely]] {
    if (before < size || size - 1 > 7) return parse_decimal(text);
    padded::DigitPair numbers;
    if (!padded::join_digits(0, padded::load_digits(at, size), numbers)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(numbers.second);
    return Decimal{negative ? -whole : whole, 0};
  }
  const std::uint64_t fraction = padded::load_digits(at + before + 1, behind);
  // Trailing zeros are the upper zero bytes: shifted out, they leave the scale.
  const auto zeros = static_cast<std::size_t>(std::countl_zero(fraction | 1)) / 8;
  padded::DigitPair numbers;
  if (!padded::join_digits(padded::load_digits(at, before), fraction << (8 * zeros), numbers))
      [[unlikely]] {
    return std::nullopt;
  }
  const std::size_t scale = fraction == 0 ? 0 : behind - zeros;
  const std::uint64_t value =
      numbers.first * static_cast<std::uint64_t>(kPow10[scale]) + numbers.second;
  const auto mantissa = static_cast<std::int64_t>(value);
  return Decimal{negative ? -mantissa : mantissa, static_cast<std::uint8_t>(scale)};
}

}  // namespace tapeline
