// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/progress.h"
#include "journal/reader.h"

namespace tapeline::journal {

// Something that is not as it was written: a stretch of a segment that cannot be read, a segment
// that is missing or cut, or one that belongs elsewhere.
struct Damage {
  std::string path;
  std::string what{};  // begins with the path
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t first_ordinal = 0;  // of the records that cannot be read
  // None when nothing readable follows in the last segment: how many there were is unknown.
  std::optional<std::uint64_t> records{};
  bool costs_no_records = false;  // a segment that belongs elsewhere, or cannot be the first
};

struct CheckReport {
  std::uint64_t segments = 0;  // read to the end
  std::uint64_t records = 0;   // readable
  std::uint64_t bytes = 0;
  std::vector<Damage> damage;
  std::optional<TornTail> torn_tail;
  bool closed = false;  // the last segment ends as close() leaves it
};

// Reads every record of the journal and names all damage: behind a broken place it goes on at the
// next mark, and behind a broken segment at the next one. `on_bytes` returning false stops it
// early.
[[nodiscard]] Result<CheckReport> check(Disk& disk, const std::string& folder,
                                        const OnBytes& on_bytes);

}  // namespace tapeline::journal
