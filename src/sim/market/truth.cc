// SPDX-License-Identifier: Apache-2.0
#include "sim/market/truth.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tapeline::sim {
namespace {

// The start of the window that the time lies in; windows are counted from 1970.
std::int64_t window_of(EventTime time, Duration interval) {
  const std::int64_t ns = time.unix_ns();
  const std::int64_t length = interval.count();
  const std::int64_t past = (ns % length + length) % length;
  return ns - past;
}

void extend(TruthBar& bar, const TruthTrade& trade, CountsFor counts, std::uint64_t id) {
  if (bar.trades == 0 || counts > bar.counts) {
    bar.counts = counts;
    bar.open = bar.high = bar.low = trade.price;
    bar.first_id = id;
  }
  if (counts == bar.counts) {
    bar.high = std::max(bar.high, trade.price);
    bar.low = std::min(bar.low, trade.price);
    bar.close = trade.price;
    bar.last_id = id;
  }
  bar.volume += trade.size;
  if (trade.taker_buys) bar.buy_volume += trade.size;
  bar.notional += static_cast<Int128>(trade.price) * trade.size;
  ++bar.trades;
}

}  // namespace

void TradeHistory::add(const Fill& fill, std::size_t trades_max) {
  if (trades_.empty()) {
    first_id_ = fill.id;
  } else {
    TAPELINE_CHECK(fill.id == end_id(), "the market's ids have no holes");
    TAPELINE_CHECK(fill.ts_event >= last_.ts_event, "the market's times do not go back");
  }
  trades_.push_back({.ts_event = fill.ts_event,
                     .price = fill.price,
                     .size = fill.size,
                     .aggregate_id = fill.aggregate_id,
                     .taker_buys = fill.taker_buys});
  last_ = fill;
  if (trades_.size() > trades_max) {
    forgotten_until_ = trades_.front().ts_event;
    ++forgotten_;
    ++first_id_;
    trades_.pop_front();
  }
}

std::uint64_t TradeHistory::first_id_at(EventTime time) const {
  const auto at = std::partition_point(trades_.begin(), trades_.end(),
                                       [time](const auto& trade) { return trade.ts_event < time; });
  return std::max(first_id(), first_id_ + static_cast<std::uint64_t>(at - trades_.begin()));
}

std::uint64_t TradeHistory::first_id_of_aggregate(std::uint64_t aggregate_id) const {
  const auto at = std::partition_point(
      trades_.begin(), trades_.end(),
      [aggregate_id](const auto& trade) { return trade.aggregate_id < aggregate_id; });
  return first_id_ + static_cast<std::uint64_t>(at - trades_.begin());
}

std::vector<TruthBar> TradeHistory::bars(Duration interval, EventTime from, EventTime to) const {
  return bars(interval, from, to, [](std::uint64_t /*id*/) { return true; });
}

std::vector<TruthBar> TradeHistory::bars(Duration interval, EventTime from, EventTime to,
                                         const std::function<bool(std::uint64_t id)>& holds) const {
  std::vector<TruthBar> bars;
  const bool is_whole = forgotten() == 0;
  const EventTime lost_until = hidden_ > 0 ? trades_[hidden_ - 1].ts_event : forgotten_until_;
  std::int64_t current = 0;
  for (std::uint64_t id = first_id_at(from); id < end_id(); ++id) {
    const TruthTrade& trade = at(id);
    const std::int64_t start = window_of(trade.ts_event, interval);
    if (EventTime(start) < from) continue;
    if (EventTime(start) >= to) break;
    if (!is_whole && EventTime(start) <= lost_until) continue;
    if (!holds(id)) continue;
    if (bars.empty() || start != current) {
      current = start;
      bars.push_back({.start = EventTime(start)});
    }
    const auto counts = conditions_ != nullptr ? conditions_->counts_for(trade) : CountsFor::kAll;
    extend(bars.back(), trade, counts, id);
  }
  return bars;
}

PartialHistory::PartialHistory(Truth& truth, const Bounds& bounds) : truth_(truth) {
  for (TradeHistory& history : truth_.histories_) {
    const std::uint64_t behind = history.first_id_at(bounds.until + Duration(1));
    const auto shown = static_cast<std::size_t>(behind - history.first_id_);
    history.unshown_ = history.trades_.size() - shown;
    if (bounds.newest != 0 && bounds.newest < shown) {
      history.hidden_ = shown - static_cast<std::size_t>(bounds.newest);
    }
  }
}

PartialHistory::~PartialHistory() {
  for (TradeHistory& history : truth_.histories_) history.hidden_ = history.unshown_ = 0;
}

Truth::Truth(std::vector<Instrument> instruments, std::size_t trades_max,
             const TradeConditions* conditions)
    : instruments_(std::move(instruments)),
      histories_(instruments_.size()),
      trades_max_(std::max<std::size_t>(1, trades_max / instruments_.size())) {
  for (TradeHistory& history : histories_) history.conditions_ = conditions;
}

}  // namespace tapeline::sim
