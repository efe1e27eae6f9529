// SPDX-License-Identifier: Apache-2.0
#include "reference/journal_reference.h"

#include <cstddef>
#include <optional>

namespace tapeline::reference {
namespace {

constexpr std::uint64_t kSegmentHeader = 64;
constexpr std::uint64_t kRecordHeader = 24;
constexpr std::uint64_t kMark = 48;
constexpr std::uint64_t kLongest = (std::uint64_t{128} << 20) + 8;

std::uint64_t number(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = size - 1; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

void append(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

// Whether a whole record with the ordinal begins there and its checksum holds.
bool is_whole(std::string_view bytes, std::size_t at, std::uint64_t journal,
              std::uint64_t ordinal) {
  if (bytes.size() - at < kRecordHeader) return false;
  const std::uint64_t length = number(bytes, at, 4);
  if (length > kLongest || bytes.size() - at - kRecordHeader < length) return false;
  std::string covered;
  append(covered, journal);
  append(covered, ordinal);
  append(covered, length);
  covered += bytes.substr(at + 8, kRecordHeader - 8 + length);
  return crc32c_bit_by_bit(covered) == number(bytes, at + 4, 4);
}

struct ReadMark {
  std::uint64_t next_ordinal = 0;
  std::uint64_t durable = 0;
};

std::optional<ReadMark> mark_at(std::string_view bytes, std::size_t at, std::uint64_t journal) {
  if (bytes.size() - at < kMark || number(bytes, at, 4) != kMark - kRecordHeader) return {};
  if (number(bytes, at + 16, 4) != UINT32_MAX || number(bytes, at + 20, 1) != 255) return {};
  if (number(bytes, at + 24, 8) != at + kSegmentHeader) return {};
  const std::uint64_t ordinal = number(bytes, at + 32, 8);
  if (!is_whole(bytes, at, journal, ordinal)) return {};
  return ReadMark{ordinal, number(bytes, at + 40, 8)};
}

}  // namespace

std::uint32_t crc32c_bit_by_bit(std::string_view bytes) {
  std::uint32_t crc = UINT32_MAX;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

JournalAnswer read_segment(std::string_view bytes, std::uint64_t journal,
                           std::uint64_t first_ordinal) {
  JournalAnswer answer;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::uint64_t ordinal = first_ordinal + answer.records.size();
    if (!is_whole(bytes, at, journal, ordinal)) break;
    const std::uint64_t length = number(bytes, at, 4);
    const std::uint64_t type = number(bytes, at + 20, 1);
    const std::uint64_t flags = number(bytes, at + 21, 1);
    const bool looks_like_mark =
        type == 255 && number(bytes, at + 16, 4) == UINT32_MAX && length == kMark - kRecordHeader;
    if (looks_like_mark) {
      const auto mark = mark_at(bytes, at, journal);
      if (!mark || mark->next_ordinal != ordinal) break;
    } else {
      const std::uint64_t line_bytes = flags == 1 ? 8 : 0;
      if (type > 10 || flags > 1 || number(bytes, at + 22, 2) != 0 || length < line_bytes) break;
      JournalRecord record;
      record.type = static_cast<std::uint8_t>(type);
      record.connection = static_cast<std::uint32_t>(number(bytes, at + 16, 4));
      record.ts_recv = static_cast<std::int64_t>(number(bytes, at + 8, 8));
      if (flags == 1) record.line = number(bytes, at + kRecordHeader, 8);
      record.bytes = bytes.substr(at + kRecordHeader + line_bytes, length - line_bytes);
      answer.records.push_back(record);
    }
    at += kRecordHeader + length;
  }
  answer.good_bytes = at;
  for (std::size_t behind = at; behind < bytes.size(); ++behind) {
    const auto mark = mark_at(bytes, behind, journal);
    if (mark && bytes.substr(behind + 8, 8) == "tapemark" && mark->durable > at + kSegmentHeader) {
      answer.is_damaged = true;
    }
  }
  return answer;
}

}  // namespace tapeline::reference
