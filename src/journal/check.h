// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/reader.h"

namespace tapeline::journal {

// A stretch of a segment that cannot be read.
struct Damage {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t first_ordinal = 0;  // of the records in it
  // None when nothing readable follows in the last segment: how many there were is unknown.
  std::optional<std::uint64_t> records;
};

struct CheckReport {
  std::uint64_t segments = 0;  // read to the end
  std::uint64_t records = 0;   // readable
  std::uint64_t bytes = 0;
  std::vector<Damage> damage;
  std::optional<TornTail> torn_tail;
};

// Reads every record of the journal and names all damage: behind a broken place it goes on at the
// next mark. `on_bytes` is told how many bytes are done and returns false to stop early.
[[nodiscard]] Result<CheckReport> check(Disk& disk, const std::string& folder,
                                        const std::function<bool(std::uint64_t)>& on_bytes);

}  // namespace tapeline::journal
