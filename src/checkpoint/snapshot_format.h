// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/record_mark.h"
#include "base/result.h"
#include "base/time.h"

// The bytes of a snapshot, little-endian; docs/formats/snapshot.md says why.
//
//   snapshot := header state
//   header   := version:u8 magic:7 bytes journal:u64 ordinal:u64 ts_recv:i64 engine_time:i64
//               begins_at:u64 state_bytes:u64 state_crc:u32 crc:u32
//
// Both are CRC-32C: state_crc of the state, and crc of everything before it.
namespace tapeline::checkpoint {

inline constexpr std::uint8_t kFormatVersion = 2;
inline constexpr std::size_t kHeaderBytes = 64;

struct SnapshotHeader {
  RecordMark tick{};            // whose state it is; of an engine that has read nothing no time
  EngineTime engine_time{};     // at that tick
  std::uint64_t begins_at = 0;  // the first record that its engine ever read
  std::uint64_t state_bytes = 0;
  std::uint32_t state_crc = 0;

  friend bool operator==(const SnapshotHeader&, const SnapshotHeader&) = default;
};

std::string encode_header(const SnapshotHeader& header);
// `bytes` are the first of the file, kHeaderBytes where it has them. An Error of the caller: a
// newer version wrote it; any other: it is damaged, or of a version that is no longer read.
[[nodiscard]] Result<SnapshotHeader> parse_header(std::string_view bytes);

}  // namespace tapeline::checkpoint
