// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/memory_disk.h"
#include "journal/record.h"
#include "journal/sealer.h"
#include "journal/writer.h"

namespace tapeline::journal {

inline constexpr const char* kFolder = "data/journal";

// A record as a test keeps it, with its own bytes.
struct Kept {
  RecordType type = RecordType::kFrame;
  std::uint32_t connection = 0;
  std::int64_t ts_recv = 0;
  std::uint64_t line = 0;
  std::string bytes;

  friend bool operator==(const Kept&, const Kept&) = default;
};
void PrintTo(const Kept& kept, std::ostream* out);

// The n-th record of every test's story: all kinds and sizes, the same each time.
Kept nth_record(std::uint64_t n);
std::vector<Kept> first_records(std::uint64_t count);

Record record_of(const Kept& kept);
Kept kept_of(const Record& record);

WriterOptions small_options(SyncPolicy sync = SyncPolicy::kAlways);
std::unique_ptr<Writer> open_or_die(Disk& disk, const WriterOptions& options = small_options());
void append_or_die(Writer& writer, const Kept& kept);
void close_or_die(Writer& writer);

// Everything that can be read, and how reading ended.
struct ReadBack {
  std::vector<Kept> records;
  std::string error;  // empty: the end was reached
  std::optional<TornTail> torn_tail;
};
ReadBack read_back(Disk& disk, std::uint64_t from = 0, std::size_t chunk_bytes = 64);

// A journal of several segments, closed.
std::vector<Kept> write_small_journal(Disk& disk, std::uint64_t records);
// The same with segments as a recorder begins them, each with an epoch: of kRecordTypes records.
std::unique_ptr<Writer> open_begun_or_die(Disk& disk);
void append_begun_or_die(Writer& writer, std::uint64_t n);
void write_begun_journal(Disk& disk, std::uint64_t records);

bool go_on(std::uint64_t done, std::uint64_t total);
// With several blocks in each segment.
Result<SealReport> try_seal(Disk& disk);
SealReport seal_or_die(Disk& disk);
std::vector<std::string> sealed_paths(const MemoryDisk& disk);

}  // namespace tapeline::journal
