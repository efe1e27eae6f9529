// SPDX-License-Identifier: Apache-2.0
#include "journal/format.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

#include "base/crc32c.h"

namespace tapeline::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is the memory's");

constexpr std::string_view kMagic = "TAPELOG";
constexpr std::uint8_t kMarkType = 255;
constexpr std::uint32_t kMarkConnection = UINT32_MAX;
constexpr std::uint8_t kHasLine = 1;

struct RecordHeader {
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::int64_t ts_recv = 0;
  std::uint32_t connection = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint16_t reserved = 0;
};
static_assert(sizeof(RecordHeader) == kRecordHeaderBytes);

struct EncodedSegmentHeader {
  std::uint8_t version = kFormatVersion;
  std::array<char, 7> magic{};
  std::uint64_t journal = 0;
  std::uint64_t first_ordinal = 0;
  std::uint64_t first_line = 0;
  std::uint64_t previous_ordinal = 0;
  std::uint64_t previous_bytes = 0;
  std::uint32_t first_connection = 0;
  std::array<std::uint32_t, 2> reserved{};
  std::uint32_t crc = 0;
};
static_assert(sizeof(EncodedSegmentHeader) == kSegmentHeaderBytes);

struct EncodedMark {
  RecordHeader header;
  Mark mark;
};
static_assert(sizeof(EncodedMark) == kMarkBytes);

template <typename T>
T load(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

std::string_view bytes_of(const void* at, std::size_t bytes) {
  return {static_cast<const char*>(at), bytes};
}

std::uint32_t crc_of_header(const EncodedSegmentHeader& header) {
  Crc32c crc;
  crc.add(bytes_of(&header, kSegmentHeaderBytes - sizeof(header.crc)));
  return crc.value();
}

// Whether nothing but the version is wrong: then it is that byte which is damaged.
bool is_header_of_this_version(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return false;
  auto encoded = load<EncodedSegmentHeader>(bytes);
  encoded.version = kFormatVersion;
  return encoded.crc == crc_of_header(encoded);
}

// Of a record whose header begins at `at`, its crc left out.
std::uint32_t crc_of_record(const char* at, std::uint32_t length, Position position) {
  constexpr std::size_t kCrcEnd = 8;
  Crc32c crc;
  crc.add(position.journal.value());
  crc.add(position.ordinal);
  crc.add(std::uint64_t{length});
  crc.add(std::string_view(at + kCrcEnd, kRecordHeaderBytes - kCrcEnd + length));
  return crc.value();
}

bool is_mark(const RecordHeader& header) {
  return header.type == kMarkType && header.connection == kMarkConnection &&
         header.length == kMarkBytes - kRecordHeaderBytes;
}

}  // namespace

bool begins_a_segment(std::string_view bytes) {
  return bytes.size() > kMagic.size() && bytes.substr(1, kMagic.size()) == kMagic;
}

std::string encode_segment_header(const SegmentHeader& header) {
  EncodedSegmentHeader encoded;
  std::memcpy(encoded.magic.data(), kMagic.data(), kMagic.size());
  encoded.journal = header.journal.value();
  encoded.first_ordinal = header.first_ordinal;
  encoded.first_line = header.first_line;
  encoded.previous_ordinal = header.previous_ordinal;
  encoded.previous_bytes = header.previous_bytes;
  encoded.first_connection = header.first_connection;
  encoded.crc = crc_of_header(encoded);
  return std::string(bytes_of(&encoded, sizeof(encoded)));
}

Result<SegmentHeader> parse_segment_header(std::string_view bytes) {
  if (!begins_a_segment(bytes)) {
    return fail(Fault::kTheirs,
                "is damaged: it does not begin as a segment does; bring it back from a copy");
  }
  const auto version = static_cast<std::uint8_t>(bytes.front());
  if (version > kFormatVersion && !is_header_of_this_version(bytes)) {
    return fail(Fault::kCaller,
                fmt::format("has journal format {}, but this Tapeline reads up to {}; use a newer "
                            "Tapeline",
                            version, kFormatVersion));
  }
  if (bytes.size() < kSegmentHeaderBytes) {
    return fail(Fault::kTheirs, "is damaged: it ends inside its header; bring it back from a copy");
  }
  const auto encoded = load<EncodedSegmentHeader>(bytes);
  if (encoded.crc != crc_of_header(encoded)) {
    return fail(Fault::kTheirs,
                "is damaged: its header's checksum does not match; bring it back from a copy");
  }
  return SegmentHeader{JournalId(encoded.journal), encoded.first_ordinal,
                       encoded.first_connection,   encoded.first_line,
                       encoded.previous_ordinal,   encoded.previous_bytes};
}

void encode_mark(const Mark& mark, JournalId journal, char* to) {
  EncodedMark encoded;
  encoded.header.length = kMarkBytes - kRecordHeaderBytes;
  encoded.header.ts_recv = load<std::int64_t>(kMarkText);
  encoded.header.connection = kMarkConnection;
  encoded.header.type = kMarkType;
  encoded.mark = mark;
  std::memcpy(to, &encoded, sizeof(encoded));
  const std::uint32_t crc = crc_of_record(to, encoded.header.length, {journal, mark.next_ordinal});
  std::memcpy(to + sizeof(encoded.header.length), &crc, sizeof(crc));
}

std::optional<Mark> parse_mark(std::string_view bytes, JournalId journal, std::uint64_t offset) {
  if (bytes.size() < kMarkBytes) return std::nullopt;
  const auto encoded = load<EncodedMark>(bytes);
  if (!is_mark(encoded.header) || encoded.mark.offset != offset) return std::nullopt;
  const std::uint32_t crc =
      crc_of_record(bytes.data(), encoded.header.length, {journal, encoded.mark.next_ordinal});
  if (crc != encoded.header.crc) return std::nullopt;
  return encoded.mark;
}

void encode_record(const Record& record, char* to) {
  RecordHeader header;
  const std::size_t line_bytes = record.line != 0 ? kLineBytes : 0;
  header.length = static_cast<std::uint32_t>(line_bytes + record.bytes.size());
  header.ts_recv = record.ts_recv.unix_ns();
  header.connection = record.connection.value();
  header.type = static_cast<std::uint8_t>(record.type);
  header.flags = record.line != 0 ? kHasLine : 0;
  std::memcpy(to, &header, sizeof(header));
  char* at = to + sizeof(header);
  if (record.line != 0) {
    std::memcpy(at, &record.line, kLineBytes);
    at += kLineBytes;
  }
  if (!record.bytes.empty()) std::memcpy(at, record.bytes.data(), record.bytes.size());
  const std::uint32_t crc = crc_of_record(to, header.length, record.position);
  std::memcpy(to + sizeof(header.length), &crc, sizeof(crc));
}

ParsedRecord parse_record(std::string_view bytes, std::uint64_t offset, Position position,
                          Record& out) {
  if (bytes.size() < kRecordHeaderBytes) return {ParseStatus::kShort, kRecordHeaderBytes};
  const auto header = load<RecordHeader>(bytes);
  if (header.length > kBytesMax + kLineBytes) return {};
  const std::size_t total = kRecordHeaderBytes + header.length;
  if (bytes.size() < total) return {ParseStatus::kShort, total};
  if (header.crc != crc_of_record(bytes.data(), header.length, position)) return {};
  if (is_mark(header)) {
    const auto mark = parse_mark(bytes, position.journal, offset);
    if (!mark || mark->next_ordinal != position.ordinal) return {};
    return {ParseStatus::kMark, total};
  }
  const std::size_t line_bytes = (header.flags & kHasLine) != 0 ? kLineBytes : 0;
  if (header.type >= kRecordTypes || (header.flags & ~kHasLine) != 0 || header.reserved != 0 ||
      header.length < line_bytes) {
    return {};
  }
  out.type = static_cast<RecordType>(header.type);
  out.connection = ConnectionId(header.connection);
  out.ts_recv = RecvTime(header.ts_recv);
  out.position = position;
  out.line = line_bytes != 0 ? load<std::uint64_t>(bytes.substr(kRecordHeaderBytes)) : 0;
  out.bytes = bytes.substr(kRecordHeaderBytes + line_bytes, header.length - line_bytes);
  return {ParseStatus::kRecord, total};
}

}  // namespace tapeline::journal
