// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/int128.h"

namespace tapeline::sim {

// A share of a whole, in billionths: "0.001" is exact, and equal on every machine.
struct Chance {
  static constexpr std::uint32_t kWhole = 1'000'000'000;
  std::uint32_t billionths = 0;

  friend constexpr bool operator==(Chance, Chance) = default;
};

// SplitMix64: one word of state, the same numbers everywhere. For a simulation, not for secrets.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  // A generator of its own for the part named `stream`: what one part draws moves no other.
  static constexpr Random of(std::uint64_t seed, std::uint64_t stream) {
    Random parent(seed);
    return Random(parent.next() ^ Random(stream).next());
  }

  constexpr std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

  // 0 to bound - 1.
  constexpr std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>(static_cast<Uint128>(next()) * bound >> 64);
  }
  // low to high, both included.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  constexpr bool percent(std::uint64_t share) { return below(100) < share; }
  constexpr bool happens(Chance chance) { return below(Chance::kWhole) < chance.billionths; }

 private:
  std::uint64_t state_;
};

}  // namespace tapeline::sim
