// SPDX-License-Identifier: Apache-2.0
#include "app/live/freshness.h"

namespace tapeline::app::live {

void Freshness::on_trade(const Trade& trade, Position /*position*/) {
  if (!trade.feeds_bars || trade.ts_recv < since_) return;
  const std::size_t index = trade.instrument.value();
  if (index >= waiting_.size()) waiting_.resize(index + 1);
  if (waiting_[index] == RecvTime()) waiting_[index] = trade.ts_recv;
}

void Freshness::on_bar(const BarRevision& bar) {
  const std::size_t index = bar.instrument.value();
  if (bar.state != BarState::kProvisional || index >= waiting_.size()) return;
  if (waiting_[index] == RecvTime()) return;
  waits_.add(clock_.wall() - waiting_[index]);
  waiting_[index] = RecvTime();
}

}  // namespace tapeline::app::live
