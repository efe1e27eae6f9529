// SPDX-License-Identifier: Apache-2.0
// The journal's reader against a slow and obvious one. The input is a list of operations that make
// a segment: whole records and marks, so that checksums hold, and damage to them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "bytes.h"
#include "journal/format.h"
#include "journal/memory_disk.h"
#include "journal/reader.h"
#include "reference/journal_reference.h"

namespace {

using tapeline::Position;
using tapeline::fuzz::Bytes;
using tapeline::journal::Record;
using tapeline::reference::JournalRecord;

constexpr const char* kFolder = "journal";
constexpr tapeline::JournalId kJournal{0xFEED'F00D};

void append_record(std::string& segment, std::uint64_t& ordinal, Bytes& input) {
  Record record;
  record.type =
      static_cast<tapeline::journal::RecordType>(input.byte() % tapeline::journal::kRecordTypes);
  record.connection = tapeline::ConnectionId(input.byte());
  record.ts_recv = tapeline::RecvTime(input.byte());
  record.line = input.byte() % 3;
  record.position = Position{kJournal, ordinal++};
  record.bytes = input.take(input.byte());
  const std::size_t at = segment.size();
  segment.resize(at + tapeline::journal::encoded_bytes(record));
  tapeline::journal::encode_record(record, segment.data() + at);
}

void append_mark(std::string& segment, std::uint64_t ordinal, Bytes& input) {
  const std::uint64_t offset = segment.size();
  const std::uint64_t durable = offset - std::min<std::uint64_t>(offset, input.byte());
  segment.resize(offset + tapeline::journal::kMarkBytes);
  tapeline::journal::encode_mark({offset, ordinal, durable}, kJournal, segment.data() + offset);
}

std::string make_segment(Bytes& input) {
  std::string segment = tapeline::journal::encode_segment_header({.journal = kJournal});
  const std::size_t header = segment.size();
  std::uint64_t ordinal = 0;
  while (!input.empty()) {
    switch (input.byte() % 8) {
      case 0:
        append_mark(segment, ordinal, input);
        break;
      case 1:
        segment += input.take(input.byte() % 32);
        break;
      case 2:
        if (segment.size() > header) {
          const std::size_t back = 1 + input.byte() % (segment.size() - header);
          char& hurt = segment[segment.size() - back];
          hurt = static_cast<char>(hurt ^ input.byte());
        }
        break;
      case 3:
        segment.resize(std::max(header, segment.size() - input.byte() % 16));
        break;
      case 4:
        ++ordinal;  // a record is missing
        break;
      default:
        append_record(segment, ordinal, input);
    }
  }
  return segment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes input({reinterpret_cast<const char*>(data), size});
  const std::size_t chunk = 1 + input.byte();
  const std::string segment = make_segment(input);
  const auto expected = tapeline::reference::read_segment(
      std::string_view(segment).substr(tapeline::journal::kSegmentHeaderBytes), kJournal.value(),
      0);

  tapeline::journal::MemoryDisk disk;
  TAPELINE_CHECK(disk.create_folder(kFolder), "in memory");
  disk.add(std::string(kFolder) + "/" + tapeline::journal::segment_name(0), segment);
  auto reader = tapeline::journal::Reader::open(disk, kFolder, 0, chunk);
  TAPELINE_CHECK(reader, "the header is good");
  Record record;
  for (const JournalRecord& want : expected.records) {
    const auto more = (*reader)->next(record);
    TAPELINE_CHECK(more && *more, "the reference reads on");
    const JournalRecord got{static_cast<std::uint8_t>(record.type), record.connection.value(),
                            record.ts_recv.unix_ns(), record.line, std::string(record.bytes)};
    TAPELINE_CHECK(got == want, "the same record");
  }
  const auto more = (*reader)->next(record);
  TAPELINE_CHECK(more.has_value() == !expected.is_damaged, "damage is an error");
  if (!more) return 0;
  TAPELINE_CHECK(!*more, "the reference ends here");
  const std::uint64_t left =
      segment.size() - tapeline::journal::kSegmentHeaderBytes - expected.good_bytes;
  TAPELINE_CHECK((*reader)->torn_tail().has_value() == (left > 0), "a torn tail is said");
  TAPELINE_CHECK(left == 0 || (*reader)->torn_tail()->bytes == left, "all of it");
  return 0;
}
