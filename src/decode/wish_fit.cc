// SPDX-License-Identifier: Apache-2.0
#include "decode/wish_fit.h"

#include <algorithm>

namespace tapeline::decode {
namespace {

bool is_far_from(std::uint64_t first, std::uint64_t last, const Trade& trade) {
  const bool is_below = trade.last_fill < first && first - trade.last_fill > kBesideMax;
  const bool is_above = trade.first_fill > last && trade.first_fill - last > kBesideMax;
  return is_below || is_above;
}

bool is_within(EventTime time, EventTime from, EventTime to, Duration slack) {
  // In 128 bits: the times may be any.
  const Int128 ns = time.unix_ns();
  return ns >= Int128{from.unix_ns()} - slack.count() && ns <= Int128{to.unix_ns()} + slack.count();
}

Fit fit_of_ids(const venue::HistoryWish& wish, const Trade& trade) {
  if (!trade.contiguous || is_far_from(wish.first_id, wish.last_id, trade)) return Fit::kFar;
  if (trade.first_fill < wish.first_id || trade.last_fill > wish.last_id) return Fit::kBeside;
  // Neighbours in ids need not be so in time.
  const auto [from, to] = std::minmax(wish.from_time, wish.to_time);
  return is_within(trade.ts_event, from, to, kWishSlack) ? Fit::kWished : Fit::kOtherTime;
}

}  // namespace

Fit fit_of(const venue::HistoryWish& wish, const Trade& trade, const Coverage& coverage) {
  if (venue::ids_of(wish) != 0) return fit_of_ids(wish, trade);
  if (!is_within(trade.ts_event, wish.from_time, wish.to_time, Duration())) return Fit::kBeside;
  if (!trade.contiguous || coverage.empty()) return Fit::kWished;
  return is_far_from(coverage.oldest_run().first, coverage.newest_id(), trade) ? Fit::kFar
                                                                               : Fit::kWished;
}

}  // namespace tapeline::decode
