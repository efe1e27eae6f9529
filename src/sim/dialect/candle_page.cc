// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/candle_page.h"

#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::string exact(Int128 units, int places) {
  std::string text;
  append_exact(text, units, places);
  return text;
}

}  // namespace

EventTime candle_time(const Target& target, std::string_view name, Duration unit,
                      EventTime otherwise) {
  const auto text = target.find(name);
  const auto count = text ? parse_id(*text) : std::nullopt;
  const auto units = static_cast<std::uint64_t>(unit.count());
  if (!count || *count > static_cast<std::uint64_t>(INT64_MAX) / units) return otherwise;
  return EventTime(static_cast<std::int64_t>(*count * units));
}

std::vector<TruthBar> candles_of(const TradeHistory& history, const CandlePage& page) {
  std::vector<TruthBar> bars = history.bars(kMinute, page.from, page.to);
  if (bars.size() <= page.limit) return bars;
  const auto surplus = static_cast<std::ptrdiff_t>(bars.size() - page.limit);
  if (page.keeps_newest) {
    bars.erase(bars.begin(), bars.begin() + surplus);
  } else {
    bars.erase(bars.end() - surplus, bars.end());
  }
  return bars;
}

CandleText::CandleText(const Instrument& instrument, const TruthBar& bar)
    : start_s(bar.start.unix_ns() / kNsPerSecond),
      open(exact(bar.open, instrument.price_places)),
      high(exact(bar.high, instrument.price_places)),
      low(exact(bar.low, instrument.price_places)),
      close(exact(bar.close, instrument.price_places)),
      volume(exact(bar.volume, instrument.size_places)),
      notional(exact(bar.notional, instrument.price_places + instrument.size_places)) {}

}  // namespace tapeline::sim
