// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__SSE4_2__)
#include <nmmintrin.h>
#endif

namespace tapeline {
namespace {

#if defined(__SSE4_2__)

std::uint32_t add_word(std::uint32_t state, std::uint64_t word) {
  return static_cast<std::uint32_t>(_mm_crc32_u64(state, word));
}
std::uint32_t add_byte(std::uint32_t state, unsigned char byte) {
  return _mm_crc32_u8(state, byte);
}

#else

constexpr auto kTable = [] {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t rest = i;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? kPolynomial : 0);
    table[i] = rest;
  }
  return table;
}();

std::uint32_t add_byte(std::uint32_t state, unsigned char byte) {
  return (state >> 8) ^ kTable[(state ^ byte) & 0xFF];
}
std::uint32_t add_word(std::uint32_t state, std::uint64_t word) {
  for (int i = 0; i < 8; ++i) state = add_byte(state, static_cast<unsigned char>(word >> (8 * i)));
  return state;
}

#endif

}  // namespace

void Crc32c::add(std::uint64_t word) { state_ = add_word(state_, word); }

void Crc32c::add(std::string_view bytes) {
  std::uint32_t state = state_;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    state = add_word(state, word);
    at += sizeof(word);
  }
  for (; left > 0; --left) state = add_byte(state, static_cast<unsigned char>(*at++));
  state_ = state;
}

}  // namespace tapeline
