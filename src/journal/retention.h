// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "journal/disk.h"

namespace tapeline::journal {

// What is let go, from the oldest segment on: whatever one of these says.
struct RetainOptions {
  // The records from this ordinal on are needed: no segment with one of them goes.
  std::uint64_t keep_from = 0;
  // A segment goes when all of its records were received before.
  std::optional<RecvTime> older_than{};
  // The oldest go until the files of the others take no more than this.
  std::optional<std::uint64_t> bytes_max{};
};

struct RetainReport {
  std::uint64_t segments = 0;  // removed
  std::uint64_t bytes = 0;     // of their files
  std::uint64_t kept_bytes = 0;
};

// Removes the oldest segments, whole, whether or not a writer is at work; the last one always
// stays. What stays begins with a segment that can be read without those before it: others, of
// which an import has many, go or stay together with the one before them. First it is made durable
// that the journal begins later, so that a crash half-way leaves a journal that lacks nothing; what
// it left over is removed by the next call. Not beside a sealer.
[[nodiscard]] Result<RetainReport> retain(Disk& disk, const std::string& folder,
                                          const RetainOptions& options);

}  // namespace tapeline::journal
