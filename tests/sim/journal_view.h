// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/memory_disk.h"
#include "journal/record.h"

namespace tapeline::simulation {

// One record that the journal holds.
struct HeldRecord {
  journal::RecordType type = journal::RecordType::kFrame;
  std::uint32_t connection = 0;
  std::int64_t ts_recv = 0;
  std::uint64_t ordinal = 0;
  std::string bytes{};
};

// The journal with the segments that retention has removed: where it began.
void make_whole(journal::MemoryDisk& disk, journal::MemoryDisk& whole);

// How many segments retention has removed: those of which nothing is left.
std::size_t removed_segments(const journal::MemoryDisk& disk);

// All that was ever durable, as the next.
[[nodiscard]] Result<std::vector<HeldRecord>> read_all(journal::MemoryDisk& disk);

// Of all records with ordinals below that one; 0 where they are not all there.
std::uint32_t digest_below(journal::MemoryDisk& disk, std::uint64_t ordinal);

}  // namespace tapeline::simulation
