// SPDX-License-Identifier: Apache-2.0
#include "serve/market.h"

#include <algorithm>

namespace tapeline::serve {
namespace {

// The longest of at most a minute: few bars, and none that begins before its minute.
Duration judge_day_interval(const std::vector<Duration>& intervals) {
  const auto longer =
      std::upper_bound(intervals.begin(), intervals.end(), Duration(std::chrono::minutes(1)));
  return longer == intervals.begin() ? intervals.front() : *std::prev(longer);
}

}  // namespace

void Instrument::count_trade(RecvTime ts_recv, std::uint64_t trades) {
  const std::int64_t bucket = ts_recv.unix_ns() / kBucket.count();
  auto& [at, count] = received_[static_cast<std::size_t>(bucket) % kBuckets];
  if (at != bucket) count = 0;
  at = bucket;
  count += trades;
}

double Instrument::rate(RecvTime now) const {
  constexpr std::int64_t kBucketsMax = kRateOver / kBucket;
  const std::int64_t newest = now.unix_ns() / kBucket.count();
  const std::int64_t counted = newest - counted_since.unix_ns() / kBucket.count();
  const Duration over = kBucket * std::clamp<std::int64_t>(counted, 1, kBucketsMax);
  std::uint64_t sum = 0;
  for (const auto& [at, count] : received_) {
    // The bucket that is being filled does not count yet.
    if (at < newest && at >= newest - kBucketsMax) sum += count;
  }
  return static_cast<double>(sum) / std::chrono::duration<double>(over).count();
}

std::optional<Change> Instrument::change() const {
  return last ? change_of(day, last->price, last->ts_event) : std::nullopt;
}

std::uint64_t Instrument::missing() const {
  std::uint64_t sum = 0;
  for (const auto& [channel, ledger] : ledgers) sum += ledger.missing;
  return sum;
}

std::uint64_t Instrument::unrecoverable() const {
  std::uint64_t sum = 0;
  for (const auto& [channel, ledger] : ledgers) sum += ledger.unrecoverable;
  return sum;
}

Market::Market(std::vector<Duration> intervals)
    : intervals_(std::move(intervals)), day_interval_(judge_day_interval(intervals_)) {}

Instrument& Market::at(InstrumentId id) {
  if (id.value() >= instruments_.size()) instruments_.resize(id.value() + 1);
  return instruments_[id.value()];
}

void Market::change(Instrument& instrument) {
  instrument.is_changed = true;
  ++changes_;
}

void Market::take_newest(Instrument& instrument, const Trade& trade) {
  instrument.price_decimals = std::max<int>(instrument.price_decimals, trade.price.scale);
  instrument.size_decimals = std::max<int>(instrument.size_decimals, trade.size.scale);
  if (instrument.last && OrderKey::of(trade) < OrderKey::of(*instrument.last)) return;
  instrument.last = trade;
  change(instrument);
}

// What comes from long ago, or is told of long ago, is no rate of now.
void Market::count(Instrument& instrument, RecvTime ts_recv, std::uint64_t trades, RecvTime now) {
  if (now - ts_recv >= 2 * Instrument::kRateOver) return;
  if (counted_since_ == RecvTime()) counted_since_ = ts_recv;
  instrument.counted_since = counted_since_;
  instrument.count_trade(ts_recv, trades);
}

void Market::on_trade(const TradeNews& news, RecvTime now) {
  Instrument& instrument = at(news.trade.instrument);
  if (is_heard(news.trade)) count(instrument, news.trade.ts_recv, 1, now);
  take_newest(instrument, news.trade);
  if (trades_.size() >= kTradesMax) trades_.pop_front();
  trades_.push_back(news);
}

void Market::on_left_out(const LeftOut& left_out, RecvTime now) {
  Instrument& instrument = at(left_out.instrument);
  const Trade& newest = left_out.newest.trade;
  if (left_out.heard > 0) count(instrument, newest.ts_recv, left_out.heard, now);
  take_newest(instrument, newest);
}

void Market::on_names(std::vector<std::string>& names) {
  for (std::string& name : names) {
    const InstrumentId id(static_cast<std::uint32_t>(ids_.size()));
    Instrument& instrument = at(id);
    ids_.emplace(name, id);
    instrument.name = std::move(name);
    change(instrument);
  }
}

void Market::on_bar(const BarRevision& bar) {
  shelf_.put(bar);
  Instrument& instrument = at(bar.instrument);
  if (bar.interval == day_interval_ && bar.partial.has_prices() &&
      instrument.day.put({bar.start, bar.revision, bar.partial.open})) {
    change(instrument);
  }
  const bool is_closed = bar.state == BarState::kFinal && bar.interval == intervals_.front();
  if (is_closed && (!instrument.quality || bar.start >= instrument.quality_of)) {
    if (instrument.quality != bar.quality) change(instrument);
    instrument.quality = bar.quality;
    instrument.quality_of = bar.start;
  }
}

void Market::on_ledger(LedgerNews& news) {
  Instrument& instrument = at(news.instrument);
  LedgerNews& known = instrument.ledgers[news.channel];
  if (known.missing != news.missing || known.unrecoverable != news.unrecoverable) {
    change(instrument);
  }
  if (known.gaps != news.gaps || known.gaps_in_all != news.gaps_in_all) ++ledger_changes_;
  known = std::move(news);
}

void Market::forget_stored(std::uint64_t ordinal) {
  shelf_.forget_stored(ordinal);
  while (!trades_.empty() && trades_.front().position.ordinal < ordinal) trades_.pop_front();
}

void Market::prime(InstrumentId instrument, const StoredDay& day) {
  Instrument& its = at(instrument);
  if (day.newest) take_newest(its, *day.newest);
  for (const FirstPrice& first : day.first_prices) its.day.put(first);
  if (day.reaches_behind) its.day.note_older();
  change(its);
}

bool Market::has_interval(Duration interval) const {
  return std::find(intervals_.begin(), intervals_.end(), interval) != intervals_.end();
}

std::optional<InstrumentId> Market::find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found != ids_.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace tapeline::serve
