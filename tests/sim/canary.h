// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tapeline::simulation {

// One thing broken on purpose, which the checks must catch: the test of the tests.
enum class Canary : std::uint8_t {
  kNone,
  kTornTransaction,  // the store commits rows without their position
  kAlteredRow,       // the store holds another price than it was given
  kDroppedRow,       // the store lacks a trade that its ledger holds
  kLyingSync,        // the disk says that it has synced, and has not
  kForgedFrame,      // a frame shows another size than was traded
  kSwallowedFrame,   // a frame that was taken from the socket reaches nobody
  kStuckVenue,       // a venue stays away after the faults have ended
  kNoBackfill,       // nobody asks for what is missing
  kUnknownBar,       // the store holds a bar as unknown, whatever is known of it
};

struct CanaryRow {
  Canary canary;
  std::string_view name;
};

inline constexpr std::array kCanaries{
    CanaryRow{Canary::kTornTransaction, "torn_transaction"},
    CanaryRow{Canary::kAlteredRow, "altered_row"},
    CanaryRow{Canary::kDroppedRow, "dropped_row"},
    CanaryRow{Canary::kLyingSync, "lying_sync"},
    CanaryRow{Canary::kForgedFrame, "forged_frame"},
    CanaryRow{Canary::kSwallowedFrame, "swallowed_frame"},
    CanaryRow{Canary::kStuckVenue, "stuck_venue"},
    CanaryRow{Canary::kNoBackfill, "no_backfill"},
    CanaryRow{Canary::kUnknownBar, "unknown_bar"},
};

}  // namespace tapeline::simulation
