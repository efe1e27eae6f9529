// SPDX-License-Identifier: Apache-2.0
// How long a snapshot stops the stream: saving an engine that holds a million bars, by the clock.
#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.h"
#include "decode/parsed.h"
#include "pipeline/engine.h"

namespace tapeline::bench {
namespace {

constexpr std::int64_t kStateInstruments = 1000;
constexpr std::int64_t kBarsEach = 1000;
constexpr std::int64_t kTradesPerBar = 3;
constexpr std::int64_t kStateStartNs = 1'700'000'000'000'000'000;
constexpr std::int64_t kSecondNs = 1'000'000'000;

pipeline::EngineOptions state_options(unsigned shards) {
  pipeline::EngineOptions options;
  options.intervals = {std::chrono::seconds(1)};
  options.shards = shards;
  return options;
}

// A thousand instruments with trades in each of a thousand seconds, and a tick behind them.
std::unique_ptr<pipeline::Engine> filled_engine(unsigned shards) {
  auto engine = std::make_unique<pipeline::Engine>(state_options(shards));
  engine->discard_until({JournalId(0), UINT64_MAX});
  decode::Parsed parsed;
  parsed.items.emplace_back(venue::WireTrade{});
  auto& trade = std::get<venue::WireTrade>(parsed.items.front());
  journal::Record record;
  std::uint64_t random = 1;
  for (std::int64_t n = 0; n < kBarsEach * kTradesPerBar; ++n) {
    const std::int64_t now = kStateStartNs + n * (kSecondNs / kTradesPerBar);
    record.ts_recv = RecvTime(now);
    for (std::int64_t i = 0; i < kStateInstruments; ++i) {
      random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
      const std::string symbol = "SYM" + std::to_string(i) + "-USD";
      trade.symbol = symbol;
      trade.side = random >> 63 == 0 ? Side::kBuy : Side::kSell;
      trade.ts_event = EventTime(now + static_cast<std::int64_t>(random >> 40));
      trade.price = {10'000'001 + static_cast<std::int64_t>(random >> 48) * 10, 2};
      trade.size = {1 + static_cast<std::int64_t>(random >> 50) * 1000, 8};
      trade.id = TradeId(static_cast<std::uint64_t>(1'000'000 + n));
      ++record.position.ordinal;
      engine->decoder().judge(record, parsed);
    }
    record.type = journal::RecordType::kTick;
    ++record.position.ordinal;
    static_cast<void>(engine->read(record).has_value());
    record.type = journal::RecordType::kFrame;
  }
  return engine;
}

// Of all rounds the least, since others want the machine too: by the clock, and on all processors.
class LeastMs {
 public:
  void begin() {
    since_ns_ = clock_.monotonic_ns();
    cpu_since_ns_ = cpu_ns();
  }
  void end() {
    ns_ = std::min(ns_, clock_.monotonic_ns() - since_ns_);
    cpu_ns_ = std::min(cpu_ns_, cpu_ns() - cpu_since_ns_);
  }
  void show(benchmark::State& state) const {
    state.counters["least_ms"] = static_cast<double>(ns_) / 1e6;
    state.counters["least_cpu_ms"] = static_cast<double>(cpu_ns_) / 1e6;
  }

 private:
  static std::int64_t cpu_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * kSecondNs + time.tv_nsec;
  }

  SystemClock clock_;
  std::int64_t since_ns_ = 0;
  std::int64_t cpu_since_ns_ = 0;
  std::int64_t ns_ = INT64_MAX;
  std::int64_t cpu_ns_ = INT64_MAX;
};

void save(benchmark::State& state) {
  const auto engine = filled_engine(static_cast<unsigned>(state.range(0)));
  ByteWriter last;
  static_cast<void>(engine->save(last).has_value());  // what is still on its way is said
  LeastMs least;
  for (auto _ : state) {
    auto out = std::make_unique<ByteWriter>();
    least.begin();
    if (!engine->save(*out)) state.SkipWithError("not at a tick");
    least.end();
    state.PauseTiming();
    state.counters["bytes_per_bar"] =
        static_cast<double>(out->size()) / static_cast<double>(kStateInstruments * kBarsEach);
    out.reset();
    state.ResumeTiming();
  }
  least.show(state);
}

void load(benchmark::State& state) {
  const auto shards = static_cast<unsigned>(state.range(0));
  ByteWriter saved;
  static_cast<void>(filled_engine(1)->save(saved).has_value());
  const std::string bytes = saved.joined();
  LeastMs least;
  for (auto _ : state) {
    auto engine = std::make_unique<pipeline::Engine>(state_options(shards));
    ByteReader in(bytes);
    least.begin();
    if (const auto done = engine->load(in); !done) state.SkipWithError(done.error().text.c_str());
    least.end();
    state.PauseTiming();
    engine.reset();
    state.ResumeTiming();
  }
  least.show(state);
}

BENCHMARK(save)
    ->ArgName("shards")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(15);
BENCHMARK(load)
    ->ArgName("shards")
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(5);

}  // namespace
}  // namespace tapeline::bench
