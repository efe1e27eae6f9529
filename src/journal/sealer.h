// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/progress.h"
#include "journal/sealed_format.h"

namespace tapeline::journal {

struct SealOptions {
  std::size_t block_bytes = kBlockBytes;  // compressed together, at least; the unit of reading
  int level = 1;                          // of zstd: smaller than 3 on frames, in half the time
};

// Held by whoever changes finished segments.
[[nodiscard]] Result<std::unique_ptr<FileLock>> lock_sealing(Disk& disk, const std::string& folder);

struct SealReport {
  std::uint64_t segments = 0;
  std::uint64_t plain_bytes = 0;  // of them before
  std::uint64_t disk_bytes = 0;   // and after
  bool is_stopped = false;
};

// Seals every segment but the last, whether or not a writer is at work: each is compressed beside
// itself, read back and compared, made durable under its name, and only then removed. A damaged
// segment is an Error and stays, and so is one that is a link to a file elsewhere. One sealer at a
// time. `on_bytes` returning false stops it; what is not finished stays as it was.
[[nodiscard]] Result<SealReport> seal(Disk& disk, const std::string& folder,
                                      const SealOptions& options, const OnBytes& on_bytes);

}  // namespace tapeline::journal
