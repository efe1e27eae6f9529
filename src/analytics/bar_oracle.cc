// SPDX-License-Identifier: Apache-2.0
#include "analytics/bar_oracle.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace tapeline::analytics {
namespace {

using Number = BarOracle::Number;

Number power_of_ten(int exponent) {
  return boost::multiprecision::pow(Number(10), static_cast<unsigned>(exponent));
}

Number at_scale(Decimal decimal, int scale) {
  return Number(decimal.mantissa) * power_of_ten(scale - decimal.scale);
}

Number number_of(Int128 value) {
  const Uint128 size = magnitude(value);
  Number number = static_cast<std::uint64_t>(size >> 64);
  number <<= 64;
  number += static_cast<std::uint64_t>(size);
  return value < 0 ? Number(-number) : number;
}

// A DECIMAL(38,18) as its 10^18-fold, or nothing.
std::string column(const std::optional<Number>& value) {
  if (!value || *value >= power_of_ten(38)) return "none";
  return value->str();
}

std::string column(std::optional<Int128> value) {
  if (!value) return "none";
  return number_of(*value).str();
}

std::optional<Number> notional_column(const Number& notional_36) {
  if (notional_36 % power_of_ten(18) != 0) return std::nullopt;
  return Number(notional_36 / power_of_ten(18));
}

// Empty where the notional does not fit its column (Semantics 10).
std::optional<Number> vwap_column(const Number& notional_36, const Number& volume_18) {
  const auto notional = notional_column(notional_36);
  if (volume_18 == 0 || !notional || *notional >= power_of_ten(38)) return std::nullopt;
  Number quotient = notional_36 / volume_18;  // 36 - 18 decimal places: 18
  const Number twice = (notional_36 % volume_18) * 2;
  if (twice > volume_18 || (twice == volume_18 && quotient % 2 == 1)) ++quotient;
  return quotient;
}

EventTime start_of(EventTime time, Duration interval) {
  std::int64_t windows = time.unix_ns() / interval.count();
  if (windows * interval.count() > time.unix_ns()) --windows;
  return EventTime(windows * interval.count());
}

bool comes_before(const Trade& a, const Trade& b) {
  if (a.ts_event != b.ts_event) return a.ts_event < b.ts_event;
  if (a.order != b.order) return a.order < b.order;
  return a.id < b.id;
}

std::string id_text(const Trade& trade, std::uint64_t fill) {
  std::string text;
  if (trade.id.is_number()) return std::to_string(fill);
  trade.id.append_to(text);
  return text;
}

std::string truth(bool value) { return value ? "yes" : "no"; }

// Those that set the prices: all that count for the most.
std::vector<Trade> pricing(const std::vector<Trade>& trades) {
  for (const Counts most : {Counts::kAll, Counts::kFallback, Counts::kVolume}) {
    std::vector<Trade> some;
    for (const Trade& trade : trades) {
      if (trade.counts == most) some.push_back(trade);
    }
    if (!some.empty()) return some;
  }
  return {};
}

std::string prices_text(const std::vector<Trade>& pricing) {
  if (pricing.front().counts == Counts::kVolume) return "no prices";
  Number high = at_scale(pricing.front().price, 18);
  Number low = high;
  for (const Trade& trade : pricing) {
    high = std::max(high, at_scale(trade.price, 18));
    low = std::min(low, at_scale(trade.price, 18));
  }
  return "open " + at_scale(pricing.front().price, 18).str() + " high " + high.str() + " low " +
         low.str() + " close " + at_scale(pricing.back().price, 18).str();
}

std::string columns_of_trades(std::vector<Trade> trades) {
  std::sort(trades.begin(), trades.end(), comes_before);
  const std::vector<Trade> set_prices = pricing(trades);
  Number volume;
  Number buy_volume;
  Number notional;
  std::uint64_t fills = 0;
  bool no_size = false;
  bool no_side = false;
  for (const Trade& trade : trades) {
    const Number price = at_scale(trade.price, 18);
    volume += at_scale(trade.size, 18);
    if (trade.side == Side::kBuy) buy_volume += at_scale(trade.size, 18);
    notional += price * at_scale(trade.size, 18);
    fills += trade.last_fill - trade.first_fill + 1;
    no_size = no_size || trade.flags.has(Flag::kNoSize);
    no_side = no_side || trade.side == Side::kUnknown;
  }
  const Trade& first = set_prices.front();
  const Trade& last = set_prices.back();
  return prices_text(set_prices) + " volume " + column(volume) + " buys " + column(buy_volume) +
         " notional " + column(notional_column(notional)) + " vwap " +
         column(vwap_column(notional, volume)) + " fills " + std::to_string(fills) + " first " +
         id_text(first, first.first_fill) + " last " + id_text(last, last.last_fill) + " no size " +
         truth(no_size) + " no side " + truth(no_side);
}

bool counts(const Trade& trade) { return trade.counts != Counts::kNone; }

bool is_in(EventTime time, EventTime start, EventTime end) { return start <= time && time < end; }

// Whether [from, to], in any order and both included, has a moment in [start, end).
bool touches(EventTime from, EventTime to, EventTime start, EventTime end) {
  return std::min(from, to) < end && start <= std::max(from, to);
}

using Ids = std::map<std::uint64_t, EventTime>;

bool is_unbroken(const Ids& ids, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t id = std::min(first, last); id <= std::max(first, last); ++id) {
    if (!ids.contains(id)) return false;
  }
  return true;
}

bool is_in_hole(const Ids& ids, const std::vector<Heartbeat>& heartbeats, EventTime start,
                EventTime end) {
  for (auto at = ids.begin(); at != ids.end(); ++at) {
    const auto next = std::next(at);
    if (next == ids.end()) break;
    if (next->first == at->first + 1) continue;
    if (touches(at->second, next->second, start, end)) return true;
  }
  // The highest id that a heartbeat named, and the earliest moment at which it did.
  std::optional<std::pair<std::uint64_t, EventTime>> named;
  for (const Heartbeat& heartbeat : heartbeats) {
    if (!named || heartbeat.last_id > named->first) {
      named = {heartbeat.last_id, heartbeat.time};
    } else if (heartbeat.last_id == named->first) {
      named->second = std::min(named->second, heartbeat.time);
    }
  }
  if (ids.empty() || !named || named->first <= ids.rbegin()->first) return false;
  return touches(ids.rbegin()->second, named->second, start, end);
}

// Whether some unbroken run begins before the window and ends, or is known to have gone on, behind
// it. A heartbeat says nothing once an id above the one it names is known.
bool is_covered(const Ids& ids, const std::vector<Heartbeat>& heartbeats, EventTime start,
                EventTime end) {
  std::uint64_t highest = ids.empty() ? 0 : ids.rbegin()->first;
  for (const Heartbeat& heartbeat : heartbeats) highest = std::max(highest, heartbeat.last_id);
  for (const auto& [first, first_time] : ids) {
    if (ids.contains(first - 1) || first_time >= start) continue;
    std::uint64_t last = first;
    while (ids.contains(last + 1)) ++last;
    if (ids.at(last) >= end) return true;
    for (const Heartbeat& heartbeat : heartbeats) {
      if (heartbeat.last_id == highest && heartbeat.time >= end &&
          is_unbroken(ids, first, heartbeat.last_id)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

BarOracle::BarOracle(const MarketOptions& options) : options_(options) {
  std::sort(options_.intervals.begin(), options_.intervals.end());
  options_.intervals.erase(std::unique(options_.intervals.begin(), options_.intervals.end()),
                           options_.intervals.end());
}

void BarOracle::apply(const stream::Event& event) {
  if (const auto* trade = std::get_if<Trade>(&event)) {
    Market& market = markets_[trade->instrument.value()];
    if (trade->flags.has(Flag::kBackfill)) {
      std::erase_if(market.lates,
                    [&](const LateTrade& late) { return late.id == TradeId(trade->first_fill); });
    }
    market.trades.push_back(*trade);
    market.fresh.push_back(*trade);
    const EventTime seen(
        std::min(trade->ts_event.unix_ns(), trade->ts_recv.unix_ns() + 1'000'000'000));
    market.newest = market.newest ? std::max(*market.newest, seen) : seen;
    market.idle_known = trade->idle_known;
  } else if (const auto* late = std::get_if<LateTrade>(&event)) {
    markets_[late->instrument.value()].lates.push_back(*late);
  } else if (const auto* heartbeat = std::get_if<Heartbeat>(&event)) {
    markets_[heartbeat->instrument.value()].heartbeats.push_back(*heartbeat);
  }
}

std::string BarOracle::quality_of(const Market& market, EventTime start, EventTime end) {
  Ids ids;
  bool uncounted = false;
  bool coarse = false;
  bool backfilled = false;
  for (const Trade& trade : market.trades) {
    if (trade.contiguous) {
      for (std::uint64_t id = trade.first_fill; id <= trade.last_fill; ++id) {
        ids[id] = trade.ts_event;
      }
    }
    if (!is_in(trade.ts_event, start, end) || !counts(trade)) continue;
    uncounted = uncounted || !trade.contiguous;
    coarse = coarse || trade.flags.has(Flag::kCoarseTime);
    backfilled = backfilled || trade.flags.has(Flag::kBackfill);
  }
  for (const LateTrade& late : market.lates) {
    if (is_in(late.ts_event, start, end)) return "gap";
  }
  if (is_in_hole(ids, market.heartbeats, start, end)) return "gap";
  if (uncounted || coarse || !is_covered(ids, market.heartbeats, start, end)) return "unknown";
  return backfilled ? "repaired" : "complete";
}

bool BarOracle::has_fresh_backfill(const Market& market) {
  return std::any_of(market.fresh.begin(), market.fresh.end(), [](const Trade& trade) {
    return trade.contiguous && trade.flags.has(Flag::kBackfill);
  });
}

// Says the window again when it is new, or other than when it was said last.
void BarOracle::revise(const Market& market, const Key& key, Bars& out) {
  const auto [instrument, interval, start] = key;
  const EventTime end = start + interval;
  std::vector<Trade> trades;
  Cause cause = Cause::kNone;
  for (const Trade& trade : market.trades) {
    if (is_in(trade.ts_event, start, end) && counts(trade)) trades.push_back(trade);
  }
  for (const Trade& trade : market.fresh) {
    if (!is_in(trade.ts_event, start, end) || !counts(trade)) continue;
    cause =
        std::max(cause, trade.flags.has(Flag::kBackfill) ? Cause::kBackfill : Cause::kLateTrade);
  }
  Bar bar;
  bar.columns = columns_of_trades(trades);
  bar.quality = quality_of(market, start, end);
  const auto known = said_.find(key);
  if (known != said_.end()) {
    if (known->second.quality != bar.quality) {
      cause = std::max(cause, bar.quality == "gap" ? Cause::kGap : Cause::kConfirmed);
      bar.may_be_backfill = bar.quality != "gap" && has_fresh_backfill(market);
    }
    if (cause == Cause::kNone) return;
    bar.revision = known->second.revision + 1;
    bar.cause = name_of(cause);
  }
  said_[key] = bar;
  out[key] = bar;
}

BarOracle::Bars BarOracle::revisions() {
  Bars out;
  for (auto& [instrument, market] : markets_) {
    for (const Duration interval : options_.intervals) {
      std::set<EventTime> starts;
      for (const Trade& trade : market.trades) {
        if (counts(trade)) starts.insert(start_of(trade.ts_event, interval));
      }
      for (const EventTime start : starts) {
        if (!market.all_closed && start + interval > market.closed_until) continue;
        revise(market, {instrument, interval, start}, out);
      }
    }
    market.fresh.clear();
  }
  return out;
}

BarOracle::Bars BarOracle::revisions_at(const Tick& tick) {
  for (auto& [instrument, market] : markets_) {
    if (!market.newest) continue;
    EventTime watermark = *market.newest - options_.watermark.disorder;
    if (market.idle_known) {
      watermark = std::max(watermark,
                           EventTime(tick.engine_time.unix_ns()) - options_.watermark.idle_timeout);
    }
    market.closed_until = std::max(market.closed_until, watermark);
  }
  return revisions();
}

BarOracle::Bars BarOracle::revisions_at_end() {
  for (auto& [instrument, market] : markets_) market.all_closed = true;
  return revisions();
}

std::string columns_of(const BarRevision& revision) {
  const BarPartial& partial = revision.partial;
  const auto id = [](const BarPartial::End& end) {
    std::string text;
    if (end.key.id.is_number()) return std::to_string(end.fill);
    end.key.id.append_to(text);
    return text;
  };
  const auto notional = partial.notional.as_column(BarPartial::kNotionalScale);
  const auto vwap = notional ? partial.notional.divided_by(BarPartial::kNotionalScale,
                                                           partial.volume, BarPartial::kSizeScale)
                             : std::nullopt;
  const std::string prices =
      partial.has_prices()
          ? "open " + number_of(partial.open).str() + " high " + number_of(partial.high).str() +
                " low " + number_of(partial.low).str() + " close " + number_of(partial.close).str()
          : "no prices";
  return prices + " volume " + column(partial.volume.as_column(BarPartial::kSizeScale)) + " buys " +
         column(partial.buy_volume.as_column(BarPartial::kSizeScale)) + " notional " +
         column(notional) + " vwap " + column(vwap) + " fills " + std::to_string(partial.trades) +
         " first " + id(partial.open_end) + " last " + id(partial.close_end) + " no size " +
         truth(partial.size_missing) + " no side " + truth(partial.side_unknown);
}

}  // namespace tapeline::analytics
