// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "venue/message.h"

namespace tapeline::decode {

// What parse() read of one record: the items live until the next parse, and as long as the record's
// bytes.
struct Parsed {
  venue::Items items;
  std::uint32_t venue = 0;
  bool recv_inferred = false;  // by the record's source, or its row
  bool idle_known = true;      // likewise

  // The latest time that the items speak of and that decode would accept where nothing says when
  // they came: a replay infers their time of receipt from it.
  [[nodiscard]] std::optional<EventTime> newest_plausible_time() const;
};

// Where a time of receipt is inferred, decode accepts event times in [kPlausibleFrom,
// kPlausibleTo).
inline constexpr EventTime kPlausibleFrom{0};                        // 1970
inline constexpr EventTime kPlausibleTo{4'102'444'800'000'000'000};  // 2100

}  // namespace tapeline::decode
