// SPDX-License-Identifier: Apache-2.0
#include "journal/journal_fixture.h"

#include <cstdlib>
#include <utility>

#include "base/check.h"
#include "journal/segments.h"

namespace tapeline::journal {

void PrintTo(const Kept& kept, std::ostream* out) {
  *out << name_of(kept.type) << " of " << kept.connection << " with " << kept.bytes.size()
       << " bytes";
}

Kept nth_record(std::uint64_t n) {
  Kept kept;
  kept.type = static_cast<RecordType>(n % kRecordTypes);
  kept.connection = static_cast<std::uint32_t>(n % 3);
  kept.ts_recv = 1'600'000'000'000'000'000 + static_cast<std::int64_t>(n) * 1'000;
  kept.line = n % 4 == 0 ? 0 : n;
  kept.bytes.assign((n * 37) % 120, static_cast<char>('a' + n % 26));
  if (n % 7 == 3) kept.bytes += "tapemark";  // what the search for marks must not fall for
  return kept;
}

std::vector<Kept> first_records(std::uint64_t count) {
  std::vector<Kept> out;
  for (std::uint64_t n = 0; n < count; ++n) out.push_back(nth_record(n));
  return out;
}

Record record_of(const Kept& kept) {
  Record record;
  record.type = kept.type;
  record.connection = ConnectionId(kept.connection);
  record.ts_recv = RecvTime(kept.ts_recv);
  record.line = kept.line;
  record.bytes = kept.bytes;
  return record;
}

Kept kept_of(const Record& record) {
  return {record.type, record.connection.value(), record.ts_recv.unix_ns(), record.line,
          std::string(record.bytes)};
}

WriterOptions small_options(SyncPolicy sync) {
  WriterOptions options;
  options.sync = sync;
  options.batch_bytes = 300;
  options.segment_bytes = 1'200;
  options.new_journal = JournalId(0x1234'5678'9ABC'DEF0);
  return options;
}

std::unique_ptr<Writer> open_or_die(Disk& disk, const WriterOptions& options) {
  auto writer = Writer::open(disk, kFolder, options);
  TAPELINE_CHECK(writer, writer.error().text.c_str());
  return std::move(*writer);
}

void append_or_die(Writer& writer, const Kept& kept) {
  const auto position = writer.append(record_of(kept));
  TAPELINE_CHECK(position, position.error().text.c_str());
}

void close_or_die(Writer& writer) {
  const auto done = writer.close();
  TAPELINE_CHECK(done, done.error().text.c_str());
}

ReadBack read_back(Disk& disk, std::uint64_t from, std::size_t chunk_bytes) {
  ReadBack out;
  auto reader = Reader::open(disk, kFolder, from, chunk_bytes);
  if (!reader) {
    out.error = reader.error().text;
    return out;
  }
  Record record;
  for (;;) {
    const auto more = (*reader)->next(record);
    if (!more) out.error = more.error().text;
    if (!more || !*more) break;
    TAPELINE_CHECK(record.position.ordinal == from + out.records.size(), "ordinals count up");
    out.records.push_back(kept_of(record));
  }
  out.torn_tail = (*reader)->torn_tail();
  return out;
}

std::vector<Kept> write_small_journal(Disk& disk, std::uint64_t records) {
  auto writer = open_or_die(disk);
  auto all = first_records(records);
  for (const Kept& kept : all) {
    append_or_die(*writer, kept);
    TAPELINE_CHECK(writer->commit(0), "the memory disk takes it");
  }
  close_or_die(*writer);
  return all;
}

std::unique_ptr<Writer> open_begun_or_die(Disk& disk) {
  WriterOptions options = small_options();
  options.segment_bytes = UINT64_MAX;
  return open_or_die(disk, options);
}

void append_begun_or_die(Writer& writer, std::uint64_t n) {
  const Kept kept = nth_record(n);
  if (kept.type == RecordType::kEpoch) {
    TAPELINE_CHECK(writer.next_segment(), "the memory disk takes it");
  }
  append_or_die(writer, kept);
}

void write_begun_journal(Disk& disk, std::uint64_t records) {
  auto writer = open_begun_or_die(disk);
  for (std::uint64_t n = 0; n < records; ++n) append_begun_or_die(*writer, n);
  close_or_die(*writer);
}

bool go_on(std::uint64_t /*done*/, std::uint64_t /*total*/) { return true; }

Result<SealReport> try_seal(Disk& disk) {
  return seal(disk, kFolder, {.block_bytes = 300, .level = 3}, go_on);
}

SealReport seal_or_die(Disk& disk) {
  const auto report = try_seal(disk);
  TAPELINE_CHECK(report, report.error().text.c_str());
  return *report;
}

std::vector<std::string> sealed_paths(const MemoryDisk& disk) {
  std::vector<std::string> out;
  for (const std::string& path : disk.paths()) {
    if (path.ends_with(kSealedEnding)) out.push_back(path);
  }
  return out;
}

}  // namespace tapeline::journal
