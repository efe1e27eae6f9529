// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/disk.h"
#include "journal/format.h"

// The bytes of a sealed segment, little-endian; docs/formats/journal.md says why. The whole is a
// zstd stream of the segment: head and index are skippable frames.
//
//   sealed := head block* index
//   head   := 0x184D2A5E:u32 8:u32 version:u8 magic:7 bytes
//   block  := a zstd frame with its checksum: the segment's bytes from plain_offset on
//   index  := 0x184D2A5E:u32 length:u32 segment header:64 bytes
//             (plain_offset:u64 file_offset:u64 first_ordinal:u64 first_line:u64)*
//             plain_bytes:u64 next_ordinal:u64 newest_recv:i64 blocks:u32 crc:u32
//
// The crc is the CRC-32C of the head, and of the index before it.
namespace tapeline::journal {

inline constexpr std::uint8_t kSealedVersion = 1;
inline constexpr std::size_t kSealedHeadBytes = 16;
// A block ends with the first record that makes it so long, and one record may be long.
inline constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
inline constexpr std::size_t kBlocksMax = std::size_t{1} << 20;
inline constexpr std::size_t kBlockBytesMax = kBlockBytes + kBytesMax + (std::size_t{1} << 20);

struct SealedBlock {
  std::uint64_t plain_offset = 0;   // in the segment as it was
  std::uint64_t file_offset = 0;    // of its zstd frame
  std::uint64_t first_ordinal = 0;  // of the first record that begins in it or behind it
  std::uint64_t first_line = 0;     // lines of foreign inputs before it
};
static_assert(sizeof(SealedBlock) == 32);

struct SealedIndex {
  SegmentHeader header;
  std::vector<SealedBlock> blocks{};  // 1 to kBlocksMax
  std::uint64_t plain_bytes = 0;      // of the segment as it was
  std::uint64_t next_ordinal = 0;     // behind its last record
  RecvTime newest_recv;
  std::uint64_t blocks_end = 0;  // the offset of the index

  // Where the frame of a block ends, and what it holds.
  [[nodiscard]] std::uint64_t file_end(std::size_t block) const {
    return block + 1 == blocks.size() ? blocks_end : blocks[block + 1].file_offset;
  }
  [[nodiscard]] std::size_t plain_size(std::size_t block) const {
    const std::uint64_t end =
        block + 1 == blocks.size() ? plain_bytes : blocks[block + 1].plain_offset;
    return static_cast<std::size_t>(end - blocks[block].plain_offset);
  }
};

// Whether a file that begins so is a sealed segment, of whatever version.
[[nodiscard]] bool begins_sealed(std::string_view bytes);

std::string encode_sealed_head();
std::string encode_sealed_index(const SealedIndex& index);
// Everything about the file but its blocks. The Error lacks the path.
[[nodiscard]] Result<SealedIndex> read_sealed_index(ReadableFile& file, std::uint64_t file_bytes);

}  // namespace tapeline::journal
