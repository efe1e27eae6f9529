// SPDX-License-Identifier: Apache-2.0
#include "model/bar.h"

#include <algorithm>

namespace tapeline {

void BarPartial::mark(const Trade& trade) {
  size_missing |= trade.flags.has(Flag::kNoSize);
  side_unknown |= trade.side == Side::kUnknown;
  backfilled |= trade.flags.has(Flag::kBackfill);
  coarse |= trade.flags.has(Flag::kCoarseTime);
  uncounted |= !trade.contiguous;
}

void BarPartial::merge(const BarPartial& other) {
  if (other.empty()) return;
  if (empty()) {
    *this = other;
    return;
  }
  if (counts <= other.counts) merge_prices(other);
  volume.merge(other.volume);
  buy_volume.merge(other.buy_volume);
  notional.merge(other.notional);
  trades += other.trades;
  size_missing |= other.size_missing;
  side_unknown |= other.side_unknown;
  backfilled |= other.backfilled;
  coarse |= other.coarse;
  uncounted |= other.uncounted;
}

void BarPartial::merge_prices(const BarPartial& other) {
  const bool counts_for_more = counts < other.counts;
  if (counts_for_more || other.open_end.key < open_end.key) {
    open_end = other.open_end;
    open = other.open;
  }
  if (counts_for_more || close_end.key < other.close_end.key) {
    close_end = other.close_end;
    close = other.close;
  }
  high = counts_for_more ? other.high : std::max(high, other.high);
  low = counts_for_more ? other.low : std::min(low, other.low);
  counts = other.counts;
}

const char* name_of(BarState state) { return state == BarState::kFinal ? "final" : "provisional"; }

const char* name_of(Cause cause) {
  switch (cause) {
    case Cause::kConfirmed:
      return "confirmed";
    case Cause::kGap:
      return "gap";
    case Cause::kLateTrade:
      return "late_trade";
    case Cause::kBackfill:
      return "backfill";
    case Cause::kNone:
      break;
  }
  return "";
}

}  // namespace tapeline
