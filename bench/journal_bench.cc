// SPDX-License-Identifier: Apache-2.0
// The journal on a real disk: appending records of 200 bytes on disk, and reading them back from
// the page cache with every checksum. TAPELINE_BENCH_DIR says where.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/writer.h"

namespace tapeline::bench {
namespace {

// With the header of a record, 200 bytes.
constexpr std::size_t kPayloadBytes = 176;
constexpr std::uint64_t kRecords = 5'000'000;

std::string folder() {
  const char* directory = std::getenv("TAPELINE_BENCH_DIR");
  return std::string(directory != nullptr ? directory : ".") + "/journal";
}

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
  write_journal(disk, one_segment(std::size_t{1} << 20), kRecords);
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    auto reader = journal::Reader::open(disk, folder());
    if (!reader) return state.SkipWithError("the journal does not open");
    journal::Record record;
    std::uint64_t records = 0;
    while (true) {
      const auto more = (*reader)->next(record);
      if (!more) return state.SkipWithError("a record is damaged");
      if (!*more) break;
      ++records;
    }
    if (records != kRecords) return state.SkipWithError("records are missing");
    bytes += (*reader)->bytes_total();
  }
  std::filesystem::remove_all(folder());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecords));
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
BENCHMARK(read)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(open_10_gb_after_a_crash)->UseRealTime()->Iterations(3);

}  // namespace
}  // namespace tapeline::bench
