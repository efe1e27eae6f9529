// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tapeline {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

// 10^0 .. 10^38: every power of ten that an Uint128 holds.
inline constexpr std::array<Uint128, 39> kPow10 = [] {
  std::array<Uint128, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

// Magnitude without the overflow of negating the smallest value.
constexpr Uint128 magnitude(Int128 value) {
  const auto bits = static_cast<Uint128>(value);
  return value < 0 ? Uint128{0} - bits : bits;
}

}  // namespace tapeline
