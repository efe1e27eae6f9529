// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/state_store.h"
#include "base/time.h"

namespace tapeline::analytics {

// Where bars go that have long closed, and how many stay: of each interval the newest `hot`, and
// up to `slack` more, so that they move in groups.
struct ColdOptions {
  StateStore* store = nullptr;  // outlives the operator; none: all bars stay in memory
  std::size_t hot = 32;
  std::size_t slack = 32;
};

// Keys that sort by instrument, interval and start.
std::string cold_key(InstrumentId instrument, Duration interval, EventTime start);
EventTime start_of_cold_key(std::string_view key);

}  // namespace tapeline::analytics
