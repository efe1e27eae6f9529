// SPDX-License-Identifier: Apache-2.0
// From a journal of trades into DuckDB as `tapeline run` does it: follower, engine with six
// intervals, sink, rows and position in one transaction. TAPELINE_BENCH_DIR says where.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include "base/clock.h"
#include "bench/slices.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "pipeline/engine.h"
#include "pipeline/follower.h"
#include "pipeline/sink.h"
#include "replay/import.h"
#include "replay/journal_records.h"
#include "store/duckdb/open.h"

namespace tapeline::bench {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::string directory() {
  const char* given = std::getenv("TAPELINE_BENCH_DIR");
  return given != nullptr ? given : ".";
}

// Seconds of CPU that all threads of this process took, DuckDB's too.
double cpu_seconds() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// The trades as a recorder would have kept them.
bool import_trades(const std::string& folder) {
  std::filesystem::remove_all(folder);
  replay::ImportOptions options;
  options.input.inputs = {directory() + "/binance_trade.jsonl"};
  options.input.input_format = replay::InputFormat::kRaw;
  options.input.venue = "binance";
  options.data_dir = folder;
  const std::atomic<bool> stop{false};
  return replay::import_journal(options, SystemClock(), {}, stop).has_value();
}

pipeline::EngineOptions engine_options() {
  return {.decode = {.lateness_from_epochs = true},
          .intervals = {seconds(1), minutes(1), minutes(5), minutes(15), minutes(60),
                        minutes(24 * 60)}};
}

// Trades stored; 0 when something failed.
std::uint64_t store_all(const std::string& folder) {
  const SystemClock clock;
  journal::PosixDisk disk;
  auto store = store::duckdb::open_writer(folder, {});
  if (!store) return 0;
  const std::atomic<std::uint64_t> durable{std::numeric_limits<std::uint64_t>::max()};
  pipeline::Engine engine(engine_options());
  pipeline::Sink sink(**store, durable);
  auto follower = pipeline::Follower::open(disk, replay::journal_folder(folder), 0, engine, sink);
  if (!follower) return 0;
  while (true) {
    const auto read = (*follower)->do_work(clock.monotonic_ns());
    if (!read) return 0;
    if (*read == 0) (*follower)->close(clock.monotonic_ns());
    const auto stored = sink.do_work(clock.monotonic_ns());
    if (!stored) return 0;
    if (*read == 0 && *stored == 0 && (*follower)->is_drained() && sink.is_idle()) break;
  }
  return engine.counters().total(metrics::Counter::kItemsDelivered);
}

void journal_to_duckdb(benchmark::State& state) {
  const std::string folder = directory() + "/stored";
  if (!import_trades(folder)) return state.SkipWithError("the trades cannot be imported");
  std::int64_t trades = 0;
  double least = std::numeric_limits<double>::max();
  for (auto _ : state) {
    std::filesystem::remove(store::duckdb::store_path(folder));
    const double before = cpu_seconds();
    const auto stored = static_cast<std::int64_t>(store_all(folder));
    const double took = cpu_seconds() - before;
    if (stored == 0) return state.SkipWithError("nothing was stored");
    state.SetIterationTime(took);
    trades += stored;
    least = std::min(least, took * 1e6 / static_cast<double>(stored));
  }
  std::filesystem::remove_all(folder);
  state.SetItemsProcessed(trades);
  state.counters[kLeastUs] = least;
}

BENCHMARK(journal_to_duckdb)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);

}  // namespace
}  // namespace tapeline::bench
