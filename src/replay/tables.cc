// SPDX-License-Identifier: Apache-2.0
#include "replay/tables.h"

#include <algorithm>
#include <tuple>

#include "replay/rows.h"

namespace tapeline::replay {

DeliveredTable::DeliveredTable(Emit emit, Shown shown, const InstrumentNames& names,
                               TextOutput& out)
    : emit_(emit), shown_(shown), names_(names), out_(out) {
  if (emit_ != Emit::kTrades && emit_ != Emit::kQuotes) return;
  out_.line() += emit_ == Emit::kTrades ? kTradesHeader : kQuotesHeader;
  out_.end_line();
}

void DeliveredTable::on_trade(const Trade& trade) {
  if (emit_ != Emit::kTrades || !shown_.has(trade.ts_event)) return;
  append_trade(out_.line(), names_.name(trade.instrument), trade, shown_.times);
  out_.end_line();
}

void DeliveredTable::on_quote(const Quote& quote) {
  if (emit_ != Emit::kQuotes || !shown_.has(quote.ts_event)) return;
  append_quote(out_.line(), names_.name(quote.instrument), quote, shown_.times);
  out_.end_line();
}

void DeliveredTable::on_heartbeat(const Heartbeat& /*heartbeat*/) {}  // Not delivered.
void DeliveredTable::on_late(const LateTrade& /*late*/) {}            // Not delivered.
void DeliveredTable::on_candle(const VenueCandle& /*candle*/) {}      // No trade.
void DeliveredTable::on_listing(const ListingChange& /*change*/) {}   // Nobody traded.
void DeliveredTable::on_settled(const SettledIds& /*ids*/) {}         // Nothing came.
void DeliveredTable::on_tick(const Tick& /*tick*/) {}                 // Nothing waits for one.
void DeliveredTable::on_end(Position /*position*/) {}                 // Nothing is held back.

BarsTable::BarsTable(Revisions revisions, Shown shown, const InstrumentNames& names,
                     TextOutput& out, metrics::Cell& unshown)
    : revisions_(revisions), shown_(shown), names_(names), out_(out), unshown_(unshown) {
  out_.line() += kBarsHeader;
  out_.end_line();
}

std::size_t BarsTable::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = key.instrument.value();
  hash = (hash ^ static_cast<std::uint64_t>(key.interval.count())) * kMix;
  hash = (hash ^ (hash >> 32) ^ static_cast<std::uint64_t>(key.start.unix_ns())) * kMix;
  return hash ^ (hash >> 32);
}

void BarsTable::say(const BarRevision& revision) {
  append_bar(out_.line(), names_.name(revision.instrument), revision, shown_.times, unshown_);
  out_.end_line();
}

void BarsTable::on_bar(const BarRevision& revision) {
  if (!shown_.has(revision.start)) return;
  if (revisions_ == Revisions::kAll) {
    say(revision);
    return;
  }
  const auto [at, is_new] =
      index_.try_emplace({revision.instrument, revision.interval, revision.start}, last_.size());
  if (is_new) {
    last_.push_back(revision);
  } else {
    last_[at->second] = revision;
  }
}

void BarsTable::finish() {
  std::vector<std::size_t> sorted(last_.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
  const std::vector<std::uint32_t>& ranks = names_.ranks();
  const auto key = [&](std::size_t i) {
    return std::tuple(last_[i].start, ranks[last_[i].instrument.value()], last_[i].interval);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  for (const std::size_t i : sorted) say(last_[i]);
}

void write_ledgers(Emit emit, Shown shown, const decode::InstrumentTable& instruments,
                   TextOutput& out) {
  out.line() += emit == Emit::kGaps ? kGapsHeader : kCoverageHeader;
  out.end_line();
  std::vector<const decode::Instrument*> sorted;
  for (const auto& instrument : instruments.all()) sorted.push_back(instrument.get());
  const auto name = [&](const decode::Instrument* i) { return instruments.names().name(i->id); };
  std::sort(sorted.begin(), sorted.end(),
            [&](const auto* a, const auto* b) { return name(a) < name(b); });
  const auto write = [&](const decode::Instrument& instrument, Channel channel,
                         const Coverage* coverage) {
    if (coverage == nullptr) return;
    if (emit == Emit::kCoverage) {
      for (const IdRun& run : coverage->runs()) {
        if (!shown.overlaps(run.time_min, run.time_max)) continue;
        append_run(out.line(), name(&instrument), channel, run, shown.times);
        out.end_line();
      }
      return;
    }
    for (const IdGap& gap : coverage->gaps()) {
      const auto [first, last] = std::minmax(gap.from_time, gap.to_time);
      if (!shown.overlaps(first, last)) continue;
      append_gap(out.line(), name(&instrument), channel, gap, shown.times);
      out.end_line();
    }
  };
  for (const decode::Instrument* instrument : sorted) {
    for (const Channel channel : {Channel::kAggTrades, Channel::kTrades}) {
      write(*instrument, channel, instrument->coverage_of(channel));
    }
  }
}

}  // namespace tapeline::replay
