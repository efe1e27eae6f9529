// SPDX-License-Identifier: Apache-2.0
#include "app/live/hops.h"

#include <algorithm>
#include <string_view>

#include "model/watermark.h"

namespace tapeline::app::live {

Hops::Hops(const Clock& clock, RecvTime since, const std::vector<std::string>& venues,
           const InstrumentNames& names)
    : clock_(clock), names_(names), since_(since) {
  for (const std::string& venue : venues) {
    const auto is_it = [&](const auto& hop) { return hop->venue == venue; };
    if (std::any_of(venues_.begin(), venues_.end(), is_it)) continue;
    venues_.push_back(std::make_unique<VenueHop>());
    venues_.back()->venue = venue;
  }
}

Hops::Its& Hops::of(InstrumentId instrument) {
  while (by_instrument_.size() <= instrument.value()) {
    const InstrumentId next(static_cast<std::uint32_t>(by_instrument_.size()));
    const std::string_view name = names_.name(next);
    const std::string_view venue = name.substr(0, name.find(':'));
    const auto found = std::find_if(venues_.begin(), venues_.end(),
                                    [&](const auto& hop) { return hop->venue == venue; });
    by_instrument_.push_back({.hop = found != venues_.end() ? found->get() : nullptr});
  }
  return by_instrument_[instrument.value()];
}

void Hops::on_trade(const Trade& trade, Position /*position*/) {
  if (trade.ts_recv < since_) return;
  if (oldest_ == RecvTime() || trade.ts_recv < oldest_) oldest_ = trade.ts_recv;
  constexpr Flag kOfNoUse[] = {Flag::kSnapshot, Flag::kBackfill, Flag::kCoarseTime,
                               Flag::kNoEventTime};
  for (const Flag flag : kOfNoUse) {
    if (trade.flags.has(flag)) return;
  }
  Its& its = of(trade.instrument);
  if (its.hop == nullptr) return;
  its.hop->to_receipt.add(Duration(trade.ts_recv.unix_ns() - trade.ts_event.unix_ns()));
  its.hop->clock.add(trade.ts_event, trade.ts_recv);
  its.hop->disorder.add(its.newest - trade.ts_event);
  its.newest = std::max(its.newest, Watermark::reach_of(trade));
}

void Hops::on_turn() {
  if (oldest_ == RecvTime()) return;
  to_engine_.add(clock_.wall() - oldest_);
  oldest_ = RecvTime();
}

}  // namespace tapeline::app::live
