// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/decimal.h"
#include "base/ids.h"
#include "base/time.h"

namespace tapeline {

// What a venue itself says of a window: never one of our bars, and kept apart from them.
struct VenueCandle {
  InstrumentId instrument;
  Duration interval{};
  EventTime start;
  RecvTime ts_recv;
  Decimal open;
  Decimal high;
  Decimal low;
  Decimal close;
  Decimal volume;
  std::optional<std::uint64_t> trades{};  // where the venue counts them
};

}  // namespace tapeline
