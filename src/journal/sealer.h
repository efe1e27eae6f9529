// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/sealed_format.h"

namespace tapeline::journal {

struct SealOptions {
  std::size_t block_bytes = kBlockBytes;  // compressed together, at least; the unit of reading
  int level = 3;                          // of zstd
};

struct SealReport {
  std::uint64_t segments = 0;
  std::uint64_t plain_bytes = 0;  // of them before
  std::uint64_t disk_bytes = 0;   // and after
  bool is_stopped = false;
};

// Called with how many bytes are read of how many; false stops, and what is not finished stays as
// it was.
using OnSealed = std::function<bool(std::uint64_t done, std::uint64_t total)>;

// Seals every segment but the last, whether or not a writer is at work: each is compressed beside
// itself, read back and compared, made durable under its name, and only then removed. A damaged
// segment is an Error and stays. One sealer at a time.
[[nodiscard]] Result<SealReport> seal(Disk& disk, const std::string& folder,
                                      const SealOptions& options, const OnSealed& on_bytes);

}  // namespace tapeline::journal
