// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/reader.h"

namespace tapeline::store {

// What a venue says of one interval, put together from its minutes; decimals as exact text.
struct VenueSpan {
  EventTime start;
  std::string open{};
  std::string high{};
  std::string low{};
  std::string close{};
  std::string volume{};
  std::optional<std::uint64_t> trades{};  // where it says them of every minute
  std::uint64_t minutes = 0;              // that it told of; without trades it may leave one out

  friend bool operator==(const VenueSpan&, const VenueSpan&) = default;
};

// Ascending by start, the newest `which.newest`. Of one instrument; the interval is some minutes.
[[nodiscard]] Result<std::vector<VenueSpan>> venue_spans(Reader& reader, const Selection& which,
                                                         const ShouldStop& should_stop);

}  // namespace tapeline::store
