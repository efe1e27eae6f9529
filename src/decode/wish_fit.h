// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"
#include "model/coverage.h"
#include "model/trade.h"
#include "venue/history.h"

namespace tapeline::decode {

// What a trade of a history's answer is to the wish that was asked. Only what is wished can close a
// hole: everything else that the ledger does not have is not taken.
enum class Fit : std::uint8_t {
  kWished,
  // An honest page has such too: what is before or behind the ids, and to a wish of times the rest
  // of the page. Behind the newest id it would open a hole where the stream has yet to come, and
  // what else is missing is asked for by a wish of its own.
  kBeside,
  kFar,        // ids that no page of this wish reaches: of another symbol, or invented
  kOtherTime,  // the id is wished, but not at that time
};

// Of the holes' neighbours, in whose order the ids were given: trades between them may be so much
// earlier or later, since a venue gives the ids in the order of its engine and the times not
// always.
inline constexpr Duration kWishSlack = std::chrono::seconds(5);
// How many ids beside those of the wish, or of the ledger, a page may honestly reach: no venue's
// has more than 1,000 rows, of which aggregates have several ids.
inline constexpr std::uint64_t kBesideMax = 10'000;

Fit fit_of(const venue::HistoryWish& wish, const Trade& trade, const Coverage& coverage);

}  // namespace tapeline::decode
