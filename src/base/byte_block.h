// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tapeline {

// 32 bytes compared at once. In the answers bit i is the answer for byte i.
class ByteBlock {
 public:
  static constexpr std::size_t kBytes = 32;

#if defined(__AVX2__)
  explicit ByteBlock(const char* at)
      : bytes_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at))) {}

  [[nodiscard]] std::uint32_t equal(char c) const {
    return bits(_mm256_cmpeq_epi8(bytes_, _mm256_set1_epi8(c)));
  }
  // As signed bytes: everything that is not ASCII is below too.
  [[nodiscard]] std::uint32_t below(char c) const {
    return bits(_mm256_cmpgt_epi8(_mm256_set1_epi8(c), bytes_));
  }

 private:
  static std::uint32_t bits(__m256i answers) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(answers));
  }

  __m256i bytes_;
#elif defined(__SSE2__)
  explicit ByteBlock(const char* at)
      : low_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))),
        high_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + kBytes / 2))) {}

  [[nodiscard]] std::uint32_t equal(char c) const {
    const __m128i all = _mm_set1_epi8(c);
    return bits(_mm_cmpeq_epi8(low_, all), _mm_cmpeq_epi8(high_, all));
  }
  [[nodiscard]] std::uint32_t below(char c) const {
    const __m128i all = _mm_set1_epi8(c);
    return bits(_mm_cmpgt_epi8(all, low_), _mm_cmpgt_epi8(all, high_));
  }

 private:
  static std::uint32_t bits(__m128i low, __m128i high) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
           static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16;
  }

  __m128i low_;
  __m128i high_;
#else
  explicit ByteBlock(const char* at) : at_(at) {}

  [[nodiscard]] std::uint32_t equal(char c) const {
    return bits([c](char byte) { return byte == c; });
  }
  [[nodiscard]] std::uint32_t below(char c) const {
    return bits(
        [c](char byte) { return static_cast<signed char>(byte) < static_cast<signed char>(c); });
  }

 private:
  template <typename Test>
  [[nodiscard]] std::uint32_t bits(Test test) const {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < kBytes; ++i) out |= std::uint32_t{test(at_[i])} << i;
    return out;
  }

  const char* at_;
#endif
};

}  // namespace tapeline
