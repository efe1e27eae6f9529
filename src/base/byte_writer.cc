// SPDX-License-Identifier: Apache-2.0
#include "base/byte_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tapeline {
namespace {

constexpr std::size_t kBlockBytesMin = std::size_t{1} << 12;
constexpr std::size_t kBlockBytesMax = std::size_t{1} << 22;

}  // namespace

void ByteWriter::close_block() {
  if (blocks_.empty()) return;
  blocks_.back().size = open();
  closed_ += open();
}

void ByteWriter::add_block(std::size_t bytes) {
  close_block();
  // As large as everything before it, so that there are few blocks and little is left unused.
  const std::size_t size = std::max(bytes, std::clamp(closed_, kBlockBytesMin, kBlockBytesMax));
  blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), 0});
  at_ = blocks_.back().bytes.get();
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
