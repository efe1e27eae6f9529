// SPDX-License-Identifier: Apache-2.0
#include "serve/board.h"

#include <algorithm>
#include <utility>

#include "model/bar.h"

namespace tapeline::serve {
namespace {

// How far back a bar that waits is looked for: at any time few windows of an interval are open.
constexpr int kStepsMax = 4;

}  // namespace

void News::clear() {
  names.clear();
  bars.clear();
  ledgers.clear();
  left_out.clear();
  items.clear();
  lost_bars.clear();
  trades = 0;
}

Board::PerInstrument& Board::state_of(InstrumentId instrument) {
  const std::size_t index = instrument.value();
  if (index >= instruments_.size()) instruments_.resize(index + 1);
  return instruments_[index];
}

void Board::on_trade(const Trade& trade, Position position) {
  PerInstrument& state = state_of(trade.instrument);
  waiting_.position = position;
  if (trade.feeds_bars && trade.ts_recv >= since_ && state.waits_since == RecvTime()) {
    state.waits_since = trade.ts_recv;
  }
  const auto offer = trades_.try_emplace([&](TradeNews& slot) { slot = {trade, position}; });
  if (offer == Offer::kTaken) {
    ++waiting_.trades;
    return;
  }
  if (state.left_out.handover != handover_) {
    state.left_out = {handover_, waiting_.left_out.size()};
    waiting_.left_out.push_back({trade.instrument, 0, 0, {trade, position}});
  }
  LeftOut& left_out = waiting_.left_out[state.left_out.index];
  ++left_out.trades;
  if (is_heard(trade)) ++left_out.heard;
  if (OrderKey::of(left_out.newest.trade) < OrderKey::of(trade))
    left_out.newest = {trade, position};
}

Board::Chain& Board::chain_of(PerInstrument& state, Duration interval) {
  for (Chain& chain : state.chains) {
    if (chain.interval == interval) return chain;
  }
  state.chains.push_back({.interval = interval});
  return state.chains.back();
}

std::uint32_t Board::find(const Chain& chain, EventTime start) const {
  std::uint32_t at = chain.handover == handover_ ? chain.last : kNone;
  for (int step = 0; step < kStepsMax && at != kNone; ++step) {
    if (waiting_.bars[at].bar.start == start) return at;
    at = before_[at];
  }
  return kNone;
}

void Board::on_bar(const BarRevision& bar) {
  PerInstrument& state = state_of(bar.instrument);
  const bool is_open = bar.state == BarState::kProvisional;
  if (is_open && state.waits_since != RecvTime()) {
    state.shown_since = std::exchange(state.waits_since, RecvTime());
  }
  if (!is_open) waiting_.position = bar.position;
  Chain& chain = chain_of(state, bar.interval);
  const RecvTime since = is_open ? state.shown_since : RecvTime();
  if (const std::uint32_t at = find(chain, bar.start); at != kNone) {
    BarNews& known = waiting_.bars[at];
    known.bar = bar;
    if (known.waits_since == RecvTime()) known.waits_since = since;
    return;
  }
  // Open bars are few, and each is replaced by its next state: they always find room.
  if (!is_open && waiting_.bars.size() >= kBarsMax) {
    if (std::exchange(state.lost_at, handover_) != handover_) {
      waiting_.lost_bars.push_back(bar.instrument);
    }
    return;
  }
  before_.push_back(chain.handover == handover_ ? chain.last : kNone);
  chain.last = static_cast<std::uint32_t>(waiting_.bars.size());
  chain.handover = handover_;
  waiting_.bars.push_back({bar, since});
}

void Board::on_ledger(InstrumentId instrument, Channel channel, const Coverage& coverage,
                      const Coverage::Totals& totals) {
  PerInstrument& state = state_of(instrument);
  Entry& entry = state.ledgers[channel == Channel::kAggTrades ? 1 : 0];
  if (entry.handover != handover_) {
    entry = {handover_, waiting_.ledgers.size()};
    waiting_.ledgers.emplace_back();
  }
  LedgerNews& news = waiting_.ledgers[entry.index];
  news = {.instrument = instrument,
          .channel = channel,
          .runs = coverage.newest_runs(kRunsMax),
          .gaps = coverage.newest_gaps(kRunsMax),
          .runs_in_all = totals.runs,
          .gaps_in_all = totals.gaps,
          .received = totals.received,
          .repaired = totals.repaired,
          .missing = totals.missing,
          .unrecoverable = totals.unrecoverable,
          .from_time = {},
          .to_time = {}};
  if (coverage.empty()) return;
  news.from_time = coverage.oldest_run().first_time;
  news.to_time = coverage.newest_run().last_time;
}

void Board::copy_items(const metrics::Counters& counters) {
  waiting_.items.clear();
  for (const auto& entry : counters.entries()) {  // this thread's own: nobody else lets them grow
    const auto kind = static_cast<std::size_t>(entry.counter);
    if (kind >= ItemsNews::kKinds || entry.cell.value() == 0) continue;
    auto row = std::find_if(waiting_.items.begin(), waiting_.items.end(), [&](const auto& r) {
      return r.venue == entry.labels.venue && r.channel == entry.labels.channel;
    });
    if (row == waiting_.items.end()) {
      row = waiting_.items.insert(row, {entry.labels.venue, entry.labels.channel, {}});
    }
    row->counts[kind] += entry.cell.value();
  }
}

void Board::on_turn(const InstrumentNames& names, const metrics::Counters& counters,
                    std::int64_t monotonic_ns) {
  for (; named_ < names.size(); ++named_) {
    waiting_.names.emplace_back(names.name(InstrumentId(static_cast<std::uint32_t>(named_))));
  }
  if (monotonic_ns - items_ns_ < kItemsEvery.count()) return;
  items_ns_ = monotonic_ns;
  copy_items(counters);
}

void Board::hand_over() {
  if (waiting_.empty()) return;
  const Position position = waiting_.position;
  const Offer offer = news_.try_emplace([&](News& slot) { std::swap(slot, waiting_); });
  if (offer == Offer::kFull) return;
  waiting_.clear();
  waiting_.position = position;
  before_.clear();
  ++handover_;
}

void Board::pop_news() {
  news_.front()->clear();
  news_.pop();
}

}  // namespace tapeline::serve
