// SPDX-License-Identifier: Apache-2.0
#include "journal/sealed_file.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace tapeline::journal {

SealedFile::SealedFile(std::unique_ptr<ReadableFile> file, SealedIndex index)
    : file_(std::move(file)), index_(std::move(index)), context_(ZSTD_createDCtx()) {
  TAPELINE_CHECK(context_ != nullptr, "out of memory");
}

SealedFile::~SealedFile() { ZSTD_freeDCtx(context_); }

Result<std::unique_ptr<SealedFile>> SealedFile::open(Disk& disk, const std::string& path) {
  auto file = disk.open_readable(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto bytes = (*file)->size();
  if (!bytes) return tl::make_unexpected(bytes.error());
  auto index = read_sealed_index(**file, *bytes);
  if (!index) return tl::make_unexpected(index.error().within(path));
  return std::unique_ptr<SealedFile>(new SealedFile(std::move(*file), std::move(*index)));
}

std::size_t SealedFile::block_at(std::uint64_t plain_offset) const {
  const auto after = std::upper_bound(
      index_.blocks.begin(), index_.blocks.end(), plain_offset,
      [](std::uint64_t offset, const SealedBlock& b) { return offset < b.plain_offset; });
  return static_cast<std::size_t>(after - index_.blocks.begin()) - 1;
}

// plain_size(block) bytes.
Result<void> SealedFile::decompress(std::size_t block, char* to) {
  const std::size_t plain = index_.plain_size(block);
  const std::uint64_t size = index_.file_end(block) - index_.blocks[block].file_offset;
  std::memset(to, 0, plain);
  if (size > ZSTD_compressBound(plain)) return {};
  compressed_.resize(static_cast<std::size_t>(size));
  const auto n =
      file_->read_at(index_.blocks[block].file_offset, compressed_.data(), compressed_.size());
  if (!n) return tl::make_unexpected(n.error());
  const std::size_t got = ZSTD_decompressDCtx(context_, to, plain, compressed_.data(), *n);
  if (got != plain) std::memset(to, 0, plain);  // an error is larger than any size
  return {};
}

Result<std::size_t> SealedFile::read_at(std::uint64_t offset, char* to, std::size_t bytes) {
  if (offset >= index_.plain_bytes) return 0;
  bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, index_.plain_bytes - offset));
  for (std::size_t done = 0; done < bytes;) {
    const std::uint64_t at = offset + done;
    const std::size_t block = block_at(at);
    const auto skipped = static_cast<std::size_t>(at - index_.blocks[block].plain_offset);
    const std::size_t plain = index_.plain_size(block);
    if (skipped == 0 && plain <= bytes - done && kept_block_ != block) {
      if (auto read = decompress(block, to + done); !read) return tl::make_unexpected(read.error());
      done += plain;
      continue;
    }
    if (kept_block_ != block) {
      kept_block_.reset();
      kept_.resize(plain);
      if (auto read = decompress(block, kept_.data()); !read) {
        return tl::make_unexpected(read.error());
      }
      kept_block_ = block;
    }
    const std::size_t n = std::min(plain - skipped, bytes - done);
    std::memcpy(to + done, kept_.data() + skipped, n);
    done += n;
  }
  return bytes;
}

}  // namespace tapeline::journal
