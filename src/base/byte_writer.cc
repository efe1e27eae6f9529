// SPDX-License-Identifier: Apache-2.0
#include "base/byte_writer.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <new>
#include <utility>

namespace tapeline {
namespace {

constexpr std::size_t kBlockBytesMin = std::size_t{1} << 12;
constexpr std::size_t kBlockBytesMax = std::size_t{1} << 22;
constexpr std::size_t kHugePageBytes = std::size_t{1} << 21;

// Large blocks in huge pages where the system has them: a third of the time of a large state went
// into getting its memory in small ones.
char* new_block(std::size_t bytes) {
  const std::size_t align = bytes < kHugePageBytes ? alignof(std::max_align_t) : kHugePageBytes;
  void* block = std::aligned_alloc(align, bytes);
  if (block == nullptr) throw std::bad_alloc();
  if (bytes >= kHugePageBytes) static_cast<void>(::madvise(block, bytes, MADV_HUGEPAGE));
  return static_cast<char*>(block);
}

// Up to a power of two, as aligned_alloc() wants it.
std::size_t block_bytes(std::size_t needed, std::size_t written) {
  return std::bit_ceil(std::max(needed, std::clamp(written, kBlockBytesMin, kBlockBytesMax)));
}

}  // namespace

void ByteWriter::close_block() {
  if (blocks_.empty()) return;
  blocks_.back().size = open();
  closed_ += open();
}

void ByteWriter::add_block(std::size_t bytes) {
  close_block();
  // As large as everything before it, so that there are few blocks and little is left unused.
  const std::size_t size = block_bytes(bytes, closed_);
  at_ = new_block(size);
  blocks_.push_back({std::unique_ptr<char[], Free>(at_), 0});
  end_ = at_ + size;
}

void ByteWriter::text(std::string_view text) {
  number(text.size());
  if (text.empty()) return;
  std::memcpy(room(text.size()), text.data(), text.size());
  at_ += text.size();
}

void ByteWriter::append(ByteWriter&& other) {
  if (other.blocks_.empty()) return;
  close_block();
  closed_ += other.closed_;
  std::move(other.blocks_.begin(), other.blocks_.end(), std::back_inserter(blocks_));
  at_ = other.at_;
  end_ = other.end_;
  other.blocks_.clear();
  other.at_ = other.end_ = nullptr;
  other.closed_ = 0;
}

std::vector<std::string_view> ByteWriter::parts() const {
  std::vector<std::string_view> parts;
  parts.reserve(blocks_.size());
  for (const Block& block : blocks_) {
    const bool is_last = &block == &blocks_.back();
    parts.emplace_back(block.bytes.get(), is_last ? open() : block.size);
  }
  return parts;
}

std::string ByteWriter::joined() const {
  std::string joined;
  joined.reserve(size());
  for (const std::string_view part : parts()) joined += part;
  return joined;
}

}  // namespace tapeline
