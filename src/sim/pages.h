// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "sim/dialect/request.h"

namespace tapeline::sim {

class Exchange;

// Of trades or bars in one answer; a request for more is refused, for it says how to ask for less.
inline constexpr std::size_t kTruthRowsMax = 1'000'000;

// The pages that no venue has. Nothing when the path is none of them.
//   GET  /truth/trades?instrument&from&to&format
//   GET  /truth/bars?instrument&interval&from&to&format
//   GET  /sim/stats
//   POST /sim/faults    a fault spec in the body
//   POST /sim/drop      cuts all connections
std::optional<Answer> answer_page(const Request& request, Exchange& exchange);

}  // namespace tapeline::sim
