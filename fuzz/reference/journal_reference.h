// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::reference {

struct JournalRecord {
  std::uint8_t type = 0;
  std::uint32_t connection = 0;
  std::int64_t ts_recv = 0;
  std::uint64_t line = 0;
  std::string bytes;

  friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

// What docs/formats/journal.md says of the bytes behind a segment's header.
struct JournalAnswer {
  std::vector<JournalRecord> records;
  std::uint64_t good_bytes = 0;  // up to what cannot be read, or the end
  bool is_damaged = false;       // a mark behind the broken place says that it was durable
};

// Reads a segment of the journal, byte by byte. `bytes` begin behind its header.
JournalAnswer read_segment(std::string_view bytes, std::uint64_t journal,
                           std::uint64_t first_ordinal);

std::uint32_t crc32c_bit_by_bit(std::string_view bytes);

}  // namespace tapeline::reference
