// SPDX-License-Identifier: Apache-2.0
// The engine alone: 1,000 instruments at 10 trades a second each, identity by the ledger, six
// intervals, revisions and quality; per trade, without reading any text.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "analytics/bars.h"
#include "bench/bench_sinks.h"
#include "bench/slices.h"
#include "decode/decoder.h"
#include "metrics/counters.h"
#include "stream/stream.h"

namespace tapeline::bench {
namespace {

constexpr std::size_t kInstruments = 1000;
constexpr std::int64_t kTradesPerSecond = 10;
constexpr std::int64_t kSeconds = 130;  // two minutes close, and ten 1 s windows more
constexpr std::size_t kSliceTrades = 10'000;
constexpr std::int64_t kStartNs = 1'700'000'000'000'000'000;

// One trade of the tape, small so that reading the tape costs little beside the engine.
struct Taped {
  std::int64_t ts_event = 0;
  std::uint32_t id = 0;
  std::uint16_t instrument = 0;
  std::uint16_t random = 0;
};

// `late_percent` of the trades arrive up to 60 s after their time.
std::vector<Taped> make_tape(unsigned late_percent) {
  std::mt19937_64 random(7);
  std::vector<std::pair<std::int64_t, Taped>> sent;
  constexpr std::int64_t kCount = kSeconds * kTradesPerSecond * std::int64_t{kInstruments};
  for (std::int64_t n = 0; n < kCount; ++n) {
    const std::int64_t time = kStartNs + n * (1'000'000'000 / (kTradesPerSecond * 1000));
    const bool late = random() % 100 < late_percent;
    const auto delay = late ? static_cast<std::int64_t>(random() % 60'000'000'000) : 0;
    sent.push_back({time + delay,
                    {time, static_cast<std::uint32_t>(n / std::int64_t{kInstruments}) + 1'000'000,
                     static_cast<std::uint16_t>(n % std::int64_t{kInstruments}),
                     static_cast<std::uint16_t>(random())}});
  }
  std::stable_sort(sent.begin(), sent.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Taped> tape;
  for (const auto& [at, trade] : sent) tape.push_back(trade);
  return tape;
}

std::vector<std::string> make_symbols() {
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < kInstruments; ++i) {
    symbols.push_back("SYM" + std::to_string(i) + "-USD");
  }
  return symbols;
}

struct Forward final : public EventSink {
  EventSink* to = nullptr;

  void on_trade(const Trade& trade) override { to->on_trade(trade); }
  void on_quote(const Quote& quote) override { to->on_quote(quote); }
  void on_heartbeat(const Heartbeat& heartbeat) override { to->on_heartbeat(heartbeat); }
  void on_late(const LateTrade& late) override { to->on_late(late); }
  void on_candle(const VenueCandle& candle) override { to->on_candle(candle); }
  void on_listing(const ListingChange& change) override { to->on_listing(change); }
  void on_settled(const SettledIds& ids) override { to->on_settled(ids); }
  void on_tick(const Tick& tick) override { to->on_tick(tick); }
  void on_end(Position position) override { to->on_end(position); }
};

analytics::BarsOptions six_intervals() {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  return {{seconds(1), minutes(1), minutes(5), minutes(15), hours(1), hours(24)}, {}};
}

// Everything from an item to a revision, made anew for every run.
struct Engine {
  CountingOutputs outputs;
  CountingRejects rejects;
  metrics::Counters counters;
  Forward forward;
  decode::Decoder decoder{{}, forward, rejects, counters};
  std::unique_ptr<EventSink> stream = stream::make_stream(
      {1},
      [](stream::OutputSink& sink) {
        return std::make_unique<analytics::Bars>(six_intervals(), sink);
      },
      decoder.instruments().names(), outputs);

  Engine() { forward.to = stream.get(); }
};

void feed(Engine& engine, const std::vector<Taped>& tape, const std::vector<std::string>& symbols,
          Slices& slices) {
  decode::Parsed parsed;
  parsed.items.emplace_back(venue::WireTrade{});
  auto& trade = std::get<venue::WireTrade>(parsed.items.front());
  journal::Record record;
  std::int64_t next_tick = 0;
  std::size_t left = kSliceTrades;
  slices.begin_run();
  for (const Taped& taped : tape) {
    record.ts_recv = std::max(record.ts_recv, RecvTime(taped.ts_event));
    if (record.ts_recv.unix_ns() >= next_tick) {
      engine.decoder.tick({EngineTime(record.ts_recv.unix_ns()), record.position});
      next_tick = record.ts_recv.unix_ns() + 100'000'000;
    }
    ++record.position.ordinal;
    trade.symbol = symbols[taped.instrument];
    trade.side = taped.random % 2 == 0 ? Side::kBuy : Side::kSell;
    trade.ts_event = EventTime(taped.ts_event);
    trade.price = {10'000'001 + std::int64_t{taped.random} * 10, 2};
    trade.size = {1 + std::int64_t{taped.random} * 1000, 8};
    trade.id = TradeId(taped.id);
    engine.decoder.judge(record, parsed);
    if (--left > 0) continue;
    slices.end_slice();
    left = kSliceTrades;
  }
  engine.decoder.end(record.position);
  slices.end_slice();
}

void engine(benchmark::State& state) {
  const std::vector<Taped> tape = make_tape(static_cast<unsigned>(state.range(0)));
  const std::vector<std::string> symbols = make_symbols();
  Slices slices;
  for (auto _ : state) {
    state.PauseTiming();
    auto engine = std::make_unique<Engine>();
    state.ResumeTiming();
    feed(*engine, tape, symbols, slices);
    state.PauseTiming();
    if (engine->counters.total(metrics::Counter::kItemsDelivered) != tape.size()) {
      state.SkipWithError("not all were delivered");
    }
    if (engine->outputs.revisions < kInstruments * kSeconds)
      state.SkipWithError("bars are missing");
    engine.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tape.size()));
  state.counters[kLeastUs] = slices.us_each(tape.size());
}

BENCHMARK(engine)
    ->ArgName("late_percent")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(30);

}  // namespace
}  // namespace tapeline::bench
