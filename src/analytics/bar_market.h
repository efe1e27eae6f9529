// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <random>
#include <vector>

#include "base/time.h"
#include "model/watermark.h"
#include "stream/event.h"

namespace tapeline::analytics {

// Small random markets for the tests of bars. A market is made of steps with small numbers, so that
// a failing one shrinks to something a person can read.

enum class StepKind : std::uint8_t { kTrade, kHeartbeat, kLate, kTick };

struct Step {
  StepKind kind = StepKind::kTrade;
  int instrument = 0;
  int lost_before = 0;  // ids that the venue counted before this one and that never come
  int fills = 1;
  int event_ms = 0;  // how far event time moves
  int wait_ms = 0;   // how far the clock of arrival moves
  int delay = 0;     // arrives behind so many of the following steps
  int price = 1;
  int size = 1;
  int traits = 0;
};

// Of `traits`.
inline constexpr int kTraitBackfill = 1;  // of a late one: it is asked for again, and comes
inline constexpr int kTraitCoarse = 2;
inline constexpr int kTraitNoSize = 4;
inline constexpr int kTraitTextId = 8;
inline constexpr int kTraitBuy = 16;
inline constexpr int kTraitSell = 32;
inline constexpr int kTraitUncounted = 64;
inline constexpr int kTraitHuge = 128;
inline constexpr int kTraitFarId = 256;      // an id far above all the venue's others
inline constexpr int kTraitFarTime = 512;    // a time years away from all others
inline constexpr int kTraitUntrue = 1024;    // of a heartbeat: names an id too low or too high
inline constexpr int kTraitFallback = 2048;  // by its conditions it counts for less than all
inline constexpr int kTraitVolume = 4096;
inline constexpr int kTraitNone = 8192;
inline constexpr int kTraitsCounts = kTraitFallback | kTraitVolume | kTraitNone;
inline constexpr int kTraitsAll = 16'383;

struct MarketOptions {
  std::vector<Duration> intervals{std::chrono::seconds(5)};
  WatermarkOptions watermark;
  std::int64_t base_ns = 0;
  bool idle_known = true;
  // How many bars of each interval stay in memory, the others in a store; none: all of them.
  std::optional<std::size_t> hot{};
};

// What may occur in a market.
struct Profile {
  int instruments = 3;
  int lost_in_ten = 2;
  int delay_max = 40;
  int backwards_ms = 3000;
  int traits = kTraitsAll;
};

inline constexpr int kInstrumentsMax = 3;

// Events in the order of their arrival. Ids of an instrument are unique, heartbeats are true unless
// their step says otherwise; ticks never go back.
std::vector<stream::Event> market_of(const std::vector<Step>& steps, const MarketOptions& options);

Step random_step(std::mt19937_64& random, const Profile& profile);
MarketOptions random_options(std::mt19937_64& random);

std::ostream& operator<<(std::ostream& out, const Step& step);
std::ostream& operator<<(std::ostream& out, const MarketOptions& options);

}  // namespace tapeline::analytics
