// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/record.h"

// The bytes of a segment, little-endian throughout; docs/formats/journal.md says why.
//
//   segment := header (record | mark)*
//   header  := version:u8 magic:7 bytes journal:u64 first_ordinal:u64 first_line:u64
//              previous_ordinal:u64 previous_bytes:u64 first_connection:u32 reserved:u32
//              reserved:u32 crc:u32
//   record  := length:u32 crc:u32 ts_recv:i64 connection:u32 type:u8 flags:u8 reserved:u16
//              [line:u64] bytes                   length counts what stands behind the reserved
//   mark    := a record of type 255 with "tapemark" for ts_recv and the bytes
//              offset:u64 next_ordinal:u64 durable_bytes:u64
//
// A record's crc is the CRC-32C of journal, ordinal, length and everything behind the crc; a
// header's, of everything before it. A mark has no ordinal: its crc takes next_ordinal.
namespace tapeline::journal {

inline constexpr std::uint8_t kFormatVersion = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 64;
inline constexpr std::size_t kRecordHeaderBytes = 24;
inline constexpr std::size_t kLineBytes = 8;
inline constexpr std::size_t kMarkBytes = kRecordHeaderBytes + 24;
// Of one record. More than any frame or line that is let in.
inline constexpr std::size_t kBytesMax = std::size_t{128} << 20;

struct SegmentHeader {
  JournalId journal;
  std::uint64_t first_ordinal = 0;
  std::uint32_t first_connection = 0;  // connections that earlier segments speak of are below it
  std::uint64_t first_line = 0;        // lines of foreign inputs in earlier segments
  // Of the segment before, so that one that is missing or was cut is found out. 0 bytes: none.
  std::uint64_t previous_ordinal = 0;
  std::uint64_t previous_bytes = 0;
};

// Whether a file that begins so is a segment, of whatever version.
[[nodiscard]] bool begins_a_segment(std::string_view bytes);

std::string encode_segment_header(const SegmentHeader& header);
// `bytes` are the first of the file, kSegmentHeaderBytes where it has them.
[[nodiscard]] Result<SegmentHeader> parse_segment_header(std::string_view bytes);

// Says where it stands itself, which record is next, and up to where its segment was synced when it
// was written: damage before that is damage, and behind it perhaps a write that a crash cut off.
struct Mark {
  std::uint64_t offset = 0;
  std::uint64_t next_ordinal = 0;
  std::uint64_t durable_bytes = 0;
};

// kMarkBytes of them.
void encode_mark(const Mark& mark, JournalId journal, char* to);
// The mark at the beginning of `bytes`, if one is there that says it stands at `offset`.
[[nodiscard]] std::optional<Mark> parse_mark(std::string_view bytes, JournalId journal,
                                             std::uint64_t offset);
// What a search for marks looks for, kMarkTextAt bytes into each.
inline constexpr std::string_view kMarkText = "tapemark";
inline constexpr std::size_t kMarkTextAt = 8;

inline std::size_t encoded_bytes(const Record& record) {
  return kRecordHeaderBytes + (record.line != 0 ? kLineBytes : 0) + record.bytes.size();
}
// encoded_bytes() of them.
void encode_record(const Record& record, char* to);

enum class ParseStatus : std::uint8_t {
  kRecord,
  kMark,
  kShort,  // the bytes end before the record does; `bytes` says how many it wants
  kBad,
};

struct ParsedRecord {
  ParseStatus status = ParseStatus::kBad;
  std::size_t bytes = 0;  // of the whole record or mark
};

// Reads the record with the ordinal, or the mark before it, from the beginning of `bytes`, which
// stand at `offset` of their segment. `out` gets all but the journal's id from the record, whose
// bytes are a view into `bytes`.
ParsedRecord parse_record(std::string_view bytes, std::uint64_t offset, Position position,
                          Record& out);

}  // namespace tapeline::journal
