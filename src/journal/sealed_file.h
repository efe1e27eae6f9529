// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/disk.h"
#include "journal/sealed_format.h"

struct ZSTD_DCtx_s;

namespace tapeline::journal {

// The bytes of a segment as they were before it was sealed: only the blocks that are asked for are
// decompressed, and the last of them is kept. A block that is damaged reads as zeros, in which no
// record can be found: so it is damage at the place where it stands, and never another record. One
// thread.
class SealedFile final : public ReadableFile {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SealedFile>> open(Disk& disk,
                                                                const std::string& path);
  ~SealedFile() override;

  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                            std::size_t bytes) override;
  [[nodiscard]] Result<std::uint64_t> size() override { return index_.plain_bytes; }
  [[nodiscard]] const SealedIndex& index() const { return index_; }

 private:
  SealedFile(std::unique_ptr<ReadableFile> file, SealedIndex index);

  [[nodiscard]] std::size_t block_at(std::uint64_t plain_offset) const;
  [[nodiscard]] Result<void> decompress(std::size_t block, char* to);

  std::unique_ptr<ReadableFile> file_;
  SealedIndex index_;
  ZSTD_DCtx_s* context_;
  std::vector<char> compressed_;
  std::optional<std::size_t> kept_block_;
  std::vector<char> kept_;
};

}  // namespace tapeline::journal
