// SPDX-License-Identifier: Apache-2.0
// The journal on a real disk: appending records of 200 bytes, reading them back from the page cache
// with every checksum, and replaying frames to bars. TAPELINE_BENCH_DIR says where.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/clock.h"
#include "bench/slices.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/writer.h"
#include "replay/import.h"
#include "replay/replay.h"

namespace tapeline::bench {
namespace {

// With the header of a record, 200 bytes.
constexpr std::size_t kPayloadBytes = 176;
constexpr std::uint64_t kRecords = 5'000'000;
constexpr std::uint64_t kRecordsRead =
    640'000;  // 128 MB, so that its pages are this machine's soon
constexpr std::uint64_t kSliceRecords = 20'000;
constexpr std::size_t kFramesReplayed = 50'000;

std::string directory() {
  const char* given = std::getenv("TAPELINE_BENCH_DIR");
  return given != nullptr ? given : ".";
}

std::string folder() { return directory() + "/journal"; }

journal::WriterOptions one_segment(std::size_t batch_bytes) {
  journal::WriterOptions options;
  options.batch_bytes = batch_bytes;
  options.segment_bytes = std::uint64_t{2} << 30;  // sealing is not measured
  return options;
}

// Appends the records and ends durable, without the close: as after a crash.
void write_journal(journal::Disk& disk, const journal::WriterOptions& options,
                   std::uint64_t records) {
  const SystemClock clock;
  auto writer = journal::Writer::open(disk, folder(), options);
  if (!writer) std::abort();
  std::string payload(kPayloadBytes, 'x');
  journal::Record record;
  // About as often as a batch fills: the writer decides by the clock whether to sync.
  const std::uint64_t records_per_commit = options.batch_bytes / 200;
  for (std::uint64_t i = 0; i < records; ++i) {
    std::memcpy(payload.data(), &i, sizeof(i));
    record.bytes = payload;
    record.ts_recv = RecvTime(static_cast<std::int64_t>(i));
    if (!(*writer)->append(record)) std::abort();
    if (i % records_per_commit == 0 && !(*writer)->commit(clock.monotonic_ns())) std::abort();
  }
  if (!(*writer)->sync()) std::abort();
}

void append(benchmark::State& state) {
  journal::PosixDisk disk;
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(folder());
    state.ResumeTiming();
    write_journal(disk, one_segment(static_cast<std::size_t>(state.range(0)) << 10), kRecords);
  }
  std::filesystem::remove_all(folder());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecords));
}

void read(benchmark::State& state) {
  journal::PosixDisk disk;
  std::filesystem::remove_all(folder());
  write_journal(disk, one_segment(std::size_t{1} << 20), kRecordsRead);
  Slices slices;
  for (auto _ : state) {
    slices.begin_run();
    auto reader = journal::Reader::open(disk, folder());
    if (!reader) return state.SkipWithError("the journal does not open");
    journal::Record record;
    std::uint64_t records = 0;
    while (true) {
      const auto more = (*reader)->next(record);
      if (!more) return state.SkipWithError("a record is damaged");
      if (!*more) break;
      if (++records % kSliceRecords == 0) slices.end_slice();
    }
    if (records != kRecordsRead) return state.SkipWithError("records are missing");
  }
  std::filesystem::remove_all(folder());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecordsRead));
  state.counters[kLeastUs] = slices.us_each(kRecordsRead);
}

// Frames of Coinbase as a recorder would have kept them, in a journal of their own.
bool import_frames(const std::string& data) {
  std::filesystem::remove_all(data);
  std::ifstream all(directory() + "/coinbase_match.jsonl");
  const std::string path = directory() + "/frames.jsonl";
  std::ofstream some(path);
  std::string line;
  for (std::size_t n = 0; n < kFramesReplayed; ++n) {
    if (!std::getline(all, line)) return false;
    some << line << '\n';
  }
  some.close();
  replay::ImportOptions options;
  options.input.inputs = {path};
  options.input.input_format = replay::InputFormat::kRaw;
  options.input.venue = "coinbase";
  options.data_dir = data;
  const std::atomic<bool> stop{false};
  return replay::import_journal(options, SystemClock(), {}, stop).has_value();
}

void replay_frames(benchmark::State& state) {
  const std::string data = directory() + "/data";
  if (!import_frames(data)) return state.SkipWithError("the frames cannot be imported");
  replay::Options options;
  options.inputs = {data};
  options.input_format = replay::InputFormat::kJournal;
  options.output = directory() + "/bars.csv";
  const std::atomic<bool> stop{false};
  Slices slices;
  for (auto _ : state) {
    slices.begin_run();
    if (!replay::run(options, {}, stop)) return state.SkipWithError("the replay failed");
    slices.end_slice();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFramesReplayed));
  state.counters[kLeastUs] = slices.us_each(kFramesReplayed);
}

void open_10_gb_after_a_crash(benchmark::State& state) {
  journal::PosixDisk disk;
  std::filesystem::remove_all(folder());
  journal::WriterOptions options;
  options.sync = journal::SyncPolicy::kOs;
  write_journal(disk, options, kRecords * 10);
  for (auto _ : state) {
    const auto writer = journal::Writer::open(disk, folder(), options);
    if (!writer || (*writer)->next_ordinal() != kRecords * 10) {
      return state.SkipWithError("records are missing");
    }
  }
  std::filesystem::remove_all(folder());
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(append)->ArgName("batch_kib")->Arg(64)->Arg(1024)->UseRealTime()->Iterations(1);
BENCHMARK(read)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(40);
BENCHMARK(replay_frames)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(60);
BENCHMARK(open_10_gb_after_a_crash)->UseRealTime()->Iterations(3);

}  // namespace
}  // namespace tapeline::bench
