// SPDX-License-Identifier: Apache-2.0
#include "replay/line_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <utility>

#include "base/byte_block.h"
#include "base/check.h"
#include "base/padding.h"

namespace tapeline::replay {
namespace {

// A '\r' before the '\n' is no part of the line, so one byte more than the limit may still be one.
constexpr std::size_t kSpare = 1;

constexpr std::size_t kStored = 4;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, LineReaderOptions options)
    : source_(std::move(source)), options_(options), newlines_(kIndexBytes + kStored) {
  TAPELINE_CHECK(source_ != nullptr, "lines come from somewhere");
  TAPELINE_CHECK(options_.batch_bytes >= kBatchBytesMin,
                 "smaller batches cost more than they save");
  make_room();
}

// No newline is left that is found; what is searched already is the beginning of one line.
Result<LineStatus> LineReader::next_batch(std::string_view& line) {
  for (;;) {
    while (scanned_ != end_) {
      index_newlines();
      if (newlines_left_ != 0) return take_line(line);
    }
    if (source_ends_) return last_line(line);
    const auto pending = static_cast<std::size_t>(end_ - begin_);
    if (pending > options_.line_bytes_max + kSpare) return skip_long_line();
    const auto got = fill();
    if (!got) return tl::make_unexpected(got.error());
  }
}

// Finds newlines 64 bytes at a time and stores four at a time, wanted or not, without a branch
// that depends on where they are.
void LineReader::index_newlines() {
  constexpr std::size_t step = 2 * ByteBlock::kBytes;
  static_assert(kReadPadding >= step);
  const std::size_t size = std::min(kIndexBytes, static_cast<std::size_t>(end_ - scanned_));
  index_base_ = scanned_;
  std::uint32_t* to = newlines_.data();
  for (std::size_t at = 0; at < size; at += step) {
    const std::uint64_t low = ByteBlock(index_base_ + at).equal('\n');
    const std::uint64_t high = ByteBlock(index_base_ + at + ByteBlock::kBytes).equal('\n');
    std::uint64_t found = high << 32 | low;
    if (size - at < step) found &= (std::uint64_t{1} << (size - at)) - 1;
    const auto count = static_cast<std::size_t>(std::popcount(found));
    for (std::size_t stored = 0; stored < count; stored += kStored) {
      for (std::size_t i = 0; i < kStored; ++i, found &= found - 1) {
        to[stored + i] =
            static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(found));
      }
    }
    to += count;
  }
  scanned_ += size;
  next_newline_ = newlines_.data();
  newlines_left_ = static_cast<std::size_t>(to - newlines_.data());
}

Result<LineStatus> LineReader::skip_long_line() {
  for (;;) {
    // Nothing of it is needed; a buffer that grew for it is given back.
    begin_ = end_;
    const auto got = fill();
    if (!got) return tl::make_unexpected(got.error());
    const auto* newline = static_cast<const char*>(std::memchr(begin_, '\n', *got));
    if (newline == nullptr && !source_ends_) continue;
    begin_ = newline == nullptr ? end_ : newline + 1;
    scanned_ = begin_;
    ++line_number_;
    return LineStatus::kTooLong;
  }
}

LineStatus LineReader::last_line(std::string_view& line) {
  if (begin_ == end_) return LineStatus::kEnd;
  const char* start = begin_;
  begin_ = end_;
  return found(start, end_, line);
}

// Moves the pending bytes, which are searched, to the front and reads one batch behind them.
Result<std::size_t> LineReader::fill() {
  make_room();
  auto got = source_->read(std::span<char>(end_, options_.batch_bytes));
  if (got) {
    end_ += *got;
    source_ends_ = *got == 0;
  }
  return got;
}

void LineReader::make_room() {
  const auto pending = static_cast<std::size_t>(end_ - begin_);
  const std::size_t needed = pending + options_.batch_bytes;
  const std::size_t usual = 2 * options_.batch_bytes;
  const bool too_large = capacity_ > usual && needed <= usual;  // it grew for a line that is gone
  if (needed <= capacity_ && !too_large) {
    if (pending != 0) std::memmove(buffer_.get(), begin_, pending);
  } else {
    // Doubling, so that a line of many batches is copied a few times and not once per batch.
    const std::size_t limit = options_.line_bytes_max + kSpare + options_.batch_bytes;
    const std::size_t capacity = std::max(needed, std::min(2 * pending, limit));
    // NOLINTNEXTLINE(modernize-avoid-c-arrays)
    std::unique_ptr<char[]> larger(new char[capacity + kReadPadding]);
    if (pending != 0) std::memcpy(larger.get(), begin_, pending);
    std::memset(larger.get() + capacity, 0, kReadPadding);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  begin_ = buffer_.get();
  end_ = buffer_.get() + pending;
  scanned_ = end_;
}

}  // namespace tapeline::replay
