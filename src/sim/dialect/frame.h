// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace tapeline::sim {

// What a subscriber can ask for, whatever the venue calls it.
enum class Stream : std::uint8_t { kTrades, kAggregates, kQuotes, kHeartbeats };
inline constexpr std::size_t kStreams = 4;

enum class FrameKind : std::uint8_t {
  kData,     // of a stream: what faults happen to
  kControl,  // an acknowledgement, an error
  kPing,     // the WebSocket's own
  kClose,    // the venue ends the connection in order; `text` says why
  kCut,      // the connection breaks without a word
};

// Something that the venue says on one connection.
struct Frame {
  FrameKind kind = FrameKind::kData;
  Stream stream = Stream::kTrades;
  std::uint32_t instrument = 0;
  EventTime at;  // when it says so
  // The ids of the trades that it shows, both ends included; 0: none. Of an aggregate its fills'.
  std::uint64_t first_id = 0;
  std::uint64_t last_id = 0;
  std::string text{};
};

using Frames = std::vector<Frame>;

}  // namespace tapeline::sim
