// SPDX-License-Identifier: Apache-2.0
#include "analytics/bar_market.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <utility>

namespace tapeline::analytics {
namespace {

constexpr std::int64_t kMs = 1'000'000;

// One instrument as the venue sees it.
struct Venue {
  std::uint64_t next_id = 1'000;
  std::int64_t now_ns = 0;
  std::vector<std::pair<std::uint64_t, std::int64_t>> times;  // of every id, lost ones too
};

struct Delayed {
  std::size_t due = 0;  // behind the step of this number
  stream::Event event;
  int untrue = 0;  // how far a heartbeat is off
};

bool has(const Step& step, int trait) { return (step.traits & trait) != 0; }

Counts counts_of(const Step& step) {
  if (has(step, kTraitNone)) return Counts::kNone;
  if (has(step, kTraitVolume)) return Counts::kVolume;
  return has(step, kTraitFallback) ? Counts::kFallback : Counts::kAll;
}

Decimal decimal_of(int value, bool huge) {
  if (huge) return Decimal{9'000'000'000'000'000'001 + (value % 100) * 1'000, 1};
  Decimal decimal{value, static_cast<std::uint8_t>(value == 0 ? 0 : 2)};
  while (decimal.scale > 0 && decimal.mantissa % 10 == 0) {
    decimal.mantissa /= 10;
    --decimal.scale;
  }
  return decimal;
}

Trade trade_of(const Step& step, Venue& venue, std::size_t number) {
  Trade trade;
  trade.instrument = InstrumentId(static_cast<std::uint32_t>(step.instrument));
  trade.feeds_bars = true;
  trade.ts_event = EventTime(venue.now_ns);
  trade.price = decimal_of(step.price, has(step, kTraitHuge));
  trade.size = decimal_of(step.size, has(step, kTraitHuge));
  trade.order = static_cast<std::uint64_t>(step.size % 3);
  if (has(step, kTraitBackfill)) trade.flags.set(Flag::kBackfill);
  if (has(step, kTraitCoarse)) trade.flags.set(Flag::kCoarseTime);
  if (has(step, kTraitNoSize)) {
    trade.flags.set(Flag::kNoSize);
    trade.size = Decimal{};
  }
  if (has(step, kTraitBuy)) trade.side = Side::kBuy;
  if (!has(step, kTraitBuy) && has(step, kTraitSell)) trade.side = Side::kSell;
  trade.counts = counts_of(step);
  if (has(step, kTraitFarTime)) {
    constexpr std::int64_t kYears = 4 * 365 * 86'400 * (1'000 * kMs);
    trade.ts_event = EventTime(venue.now_ns + (step.price % 2 == 0 ? kYears : -kYears));
  }
  if (has(step, kTraitTextId)) {
    trade.id = *TradeId::parse(fmt::format("id-{}", 999 - number % 1000));
  } else if (has(step, kTraitUncounted)) {
    trade.id = TradeId(500'000'000 + number);
    trade.first_fill = trade.last_fill = trade.id.number();
  } else if (has(step, kTraitFarId)) {
    trade.contiguous = true;
    trade.id = TradeId(7'000'000'000'000 + number);
    trade.first_fill = trade.last_fill = trade.id.number();
  } else {
    trade.contiguous = true;
    trade.id = TradeId(venue.next_id);
    trade.first_fill = venue.next_id;
    trade.last_fill = venue.next_id + static_cast<std::uint64_t>(step.fills) - 1;
    venue.next_id = trade.last_fill + 1;
    for (std::uint64_t id = trade.first_fill; id <= trade.last_fill; ++id) {
      venue.times.emplace_back(id, trade.ts_event.unix_ns());
    }
  }
  return trade;
}

LateTrade late_of(const Step& step, Venue& venue) {
  LateTrade late;
  late.instrument = InstrumentId(static_cast<std::uint32_t>(step.instrument));
  late.feeds_bars = true;
  late.id = TradeId(venue.next_id);
  late.last_fill = venue.next_id + static_cast<std::uint64_t>(step.fills) - 1;
  late.ts_event = EventTime(venue.now_ns);
  for (std::uint64_t id = venue.next_id; id <= late.last_fill; ++id) {
    venue.times.emplace_back(id, venue.now_ns);
  }
  venue.next_id = late.last_fill + 1;
  return late;
}

// The same trade out of the venue's history, when somebody asks for what came too late.
Trade admitted_after_all(const LateTrade& late, const Step& step) {
  Trade trade;
  trade.instrument = late.instrument;
  trade.feeds_bars = true;
  trade.flags.set(Flag::kBackfill);
  trade.ts_event = late.ts_event;
  trade.price = decimal_of(step.price, false);
  trade.size = decimal_of(step.size, false);
  trade.contiguous = true;
  trade.id = late.id;
  trade.first_fill = late.id.number();
  trade.last_fill = late.last_fill;
  return trade;
}

// The highest id that came before `time`; 0 when none did.
std::uint64_t newest_before(const Venue& venue, EventTime time) {
  std::uint64_t newest = 0;
  for (const auto& [id, ns] : venue.times) {
    if (ns < time.unix_ns()) newest = std::max(newest, id);
  }
  return newest;
}

std::uint32_t instrument_of(const stream::Event& event) {
  if (const auto* trade = std::get_if<Trade>(&event)) return trade->instrument.value();
  if (const auto* heartbeat = std::get_if<Heartbeat>(&event)) return heartbeat->instrument.value();
  return 0;
}

// Stamps what arrives, and says what heartbeats say.
std::vector<stream::Event> arrive(std::vector<Delayed> delayed, const std::vector<Step>& steps,
                                  const std::array<Venue, kInstrumentsMax>& venues,
                                  const MarketOptions& options) {
  std::stable_sort(delayed.begin(), delayed.end(),
                   [](const Delayed& a, const Delayed& b) { return a.due < b.due; });
  std::vector<stream::Event> events;
  std::int64_t clock = options.base_ns;
  std::size_t waited = 0;
  for (Delayed& arrival : delayed) {
    for (; waited < steps.size() && waited <= arrival.due; ++waited) {
      clock += steps[waited].wait_ms * kMs;
    }
    const std::uint32_t instrument = instrument_of(arrival.event);
    if (auto* trade = std::get_if<Trade>(&arrival.event)) {
      trade->ts_recv = RecvTime(clock);
      trade->idle_known = options.idle_known;
    } else if (auto* heartbeat = std::get_if<Heartbeat>(&arrival.event)) {
      heartbeat->last_id = newest_before(venues[instrument], heartbeat->time);
      if (heartbeat->last_id == 0) continue;
      heartbeat->last_id += static_cast<std::uint64_t>(arrival.untrue);
    } else if (auto* tick = std::get_if<Tick>(&arrival.event)) {
      tick->engine_time = EngineTime(clock);
      tick->position.ordinal = events.size();
    }
    events.push_back(arrival.event);
  }
  events.emplace_back(stream::End{{JournalId(0), events.size()}});
  return events;
}

}  // namespace

std::vector<stream::Event> market_of(const std::vector<Step>& steps, const MarketOptions& options) {
  std::array<Venue, kInstrumentsMax> venues;
  for (Venue& venue : venues) venue.now_ns = options.base_ns;
  std::vector<Delayed> delayed;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    Venue& venue = venues[static_cast<std::size_t>(step.instrument)];
    const std::size_t due = i + static_cast<std::size_t>(step.delay);
    if (step.kind == StepKind::kTick) {
      delayed.push_back({i, Tick{}, 0});
      continue;
    }
    if (step.kind == StepKind::kHeartbeat) {
      Heartbeat heartbeat;
      heartbeat.instrument = InstrumentId(static_cast<std::uint32_t>(step.instrument));
      heartbeat.feeds_bars = true;
      heartbeat.time = EventTime(venue.now_ns + step.event_ms * kMs);
      const int untrue = has(step, kTraitUntrue) ? step.size % 7 - 3 : 0;
      delayed.push_back({due, heartbeat, untrue});
      continue;
    }
    for (int lost = 0; lost < step.lost_before; ++lost) {
      venue.times.emplace_back(venue.next_id++, venue.now_ns);
    }
    venue.now_ns += step.event_ms * kMs;
    if (step.kind == StepKind::kLate) {
      const LateTrade late = late_of(step, venue);
      delayed.push_back({due, late, 0});
      if (has(step, kTraitBackfill)) {
        const auto later = static_cast<std::size_t>(step.price % 20);
        delayed.push_back({due + later, admitted_after_all(late, step), 0});
      }
    } else {
      delayed.push_back({due, trade_of(step, venue, i), 0});
    }
  }
  return arrive(std::move(delayed), steps, venues, options);
}

Step random_step(std::mt19937_64& random, const Profile& profile) {
  const auto up_to = [&](int most) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(most + 1));
  };
  Step step;
  const int kind = up_to(19);
  step.kind = kind < 13   ? StepKind::kTrade
              : kind < 15 ? StepKind::kHeartbeat
              : kind < 16 ? StepKind::kLate
                          : StepKind::kTick;
  step.instrument = up_to(profile.instruments - 1);
  if (step.kind == StepKind::kLate && up_to(3) != 0) step.kind = StepKind::kTrade;
  if (up_to(9) < profile.lost_in_ten) step.lost_before = 1 + up_to(2);
  step.fills = up_to(3) == 0 ? 1 + up_to(3) : 1;
  step.event_ms = up_to(3) == 0 ? up_to(9) * 1000 : up_to(2500);
  if (up_to(4) == 0) step.event_ms = -up_to(profile.backwards_ms);
  step.wait_ms = up_to(5) == 0 ? up_to(20) * 1000 : up_to(1500);
  if (up_to(2) == 0) step.delay = up_to(profile.delay_max);
  step.price = 1 + up_to(500);
  step.size = up_to(300);
  if (up_to(3) == 0) step.traits = (1 << up_to(10)) & profile.traits;
  step.traits |= up_to(1) == 0 ? kTraitBuy : kTraitSell;
  if ((profile.traits & kTraitsCounts) != 0 && up_to(1) == 0) {
    step.traits |= kTraitFallback << up_to(2);
  }
  return step;
}

MarketOptions random_options(std::mt19937_64& random) {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  static const std::array<std::vector<Duration>, 9> kIntervals{{
      {seconds(5)},
      {seconds(5), seconds(7)},
      {seconds(1), seconds(5), seconds(15), seconds(30), seconds(60), seconds(3600)},
      {seconds(7), seconds(5), seconds(35), seconds(5)},
      {milliseconds(250), seconds(1), seconds(3), seconds(10)},
      {seconds(2), seconds(3), seconds(6), seconds(12)},
      {seconds(86400)},
      {milliseconds(100), seconds(86400)},
      {seconds(4), seconds(6), seconds(10), seconds(15)},
  }};
  MarketOptions options;
  options.intervals = kIntervals[random() % kIntervals.size()];
  options.watermark.disorder = milliseconds(random() % 5000);
  options.watermark.idle_timeout = seconds(1 + random() % 15);
  static constexpr std::array<std::int64_t, 4> kBases{0, -30'000'000'000, 1'600'000'000'000'000'000,
                                                      1'599'999'990'000'000'000};
  options.base_ns = kBases[random() % kBases.size()];
  options.idle_known = random() % 3 != 0;
  if (random() % 2 == 0) options.hot = 1 + random() % 4;
  return options;
}

std::ostream& operator<<(std::ostream& out, const Step& step) {
  static constexpr std::array kNames{"trade", "heartbeat", "late", "tick"};
  return out << fmt::format(
             "\n{{{} of {}, lost {}, fills {}, event {:+} ms, wait {} ms, delay {}, price {}, "
             "size {}, traits {}}}",
             kNames[static_cast<std::size_t>(step.kind)], step.instrument, step.lost_before,
             step.fills, step.event_ms, step.wait_ms, step.delay, step.price, step.size,
             step.traits);
}

std::ostream& operator<<(std::ostream& out, const MarketOptions& options) {
  std::string intervals;
  for (const Duration interval : options.intervals) intervals += format_duration(interval) + ' ';
  return out << fmt::format("intervals {}disorder {} idle {} base {} idle known {} hot {}",
                            intervals, format_duration(options.watermark.disorder),
                            format_duration(options.watermark.idle_timeout), options.base_ns,
                            options.idle_known, options.hot ? std::to_string(*options.hot) : "all");
}

}  // namespace tapeline::analytics
