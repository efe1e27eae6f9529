// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "coverage.h"
#include "pipeline/follower.h"
#include "sim/exchange.h"
#include "sim/market/random.h"

namespace tapeline::simulation {

// The generators of a run, one for each part, so that what one draws moves no other.
enum class Draw : std::uint8_t {
  kPlan,
  kSchedule,
  kWeather,
  kTap,
  kStore,
  kDisk,
  kVenues,
  kRetention
};
inline sim::Random draws(std::uint64_t seed, Draw part) {
  return sim::Random::of(seed, 1 + static_cast<std::uint64_t>(part));
}

// What the checks have to know of a venue, by its own documents.
struct VenueKind {
  std::string_view name;
  bool counts = true;   // the ids of an instrument's trades count without holes
  bool has_ids = true;  // of trades
  bool joins = false;   // a trade of the stream may be several of the history
};
inline constexpr std::array<VenueKind, 9> kVenues{{
    {.name = "coinbase"},
    {.name = "binance"},
    {.name = "kraken"},
    {.name = "coinbase_advanced"},
    {.name = "okx", .joins = true},
    {.name = "bitstamp", .counts = false},
    {.name = "bybit", .counts = false},
    {.name = "finnhub", .counts = false, .has_ids = false},
    {.name = "twelvedata", .counts = false, .has_ids = false},
}};
inline const VenueKind& kind_of(std::string_view venue) {
  return *std::find_if(kVenues.begin(), kVenues.end(),
                       [venue](const VenueKind& kind) { return kind.name == venue; });
}

// What listens to all of a venue's instruments.
app::config::Feed feed_of(const sim::ExchangeOptions& venue);

// Everything that a seed decides before its run begins. Each run has only some kinds of faults, at
// strengths of its own, because faults that always come together hide what one alone would show.
struct Plan {
  static Plan of(std::uint64_t seed);

  std::uint64_t seed = 0;
  std::vector<sim::ExchangeOptions> venues{};
  std::vector<app::config::Feed> feeds{};  // of each of these
  app::config::Journal journal{};
  app::config::Stream stream{};
  app::config::Checkpoint checkpoint{};
  std::size_t hot_bars = 0;  // of each interval; older ones leave memory
  pipeline::FollowerOptions follower{};
  std::size_t ring_bytes = 0;
  std::uint64_t frames_min = 0;         // taken before the calm
  std::uint32_t steps_per_fault = 0;    // on average, of those that the weather brings
  std::array<bool, kFaultKinds> may{};  // which of these it may bring
  bool ends_with_a_crash = false;       // in the calm, before the last stop

  [[nodiscard]] bool allows(FaultKind fault) const { return may[static_cast<std::size_t>(fault)]; }
};

}  // namespace tapeline::simulation
