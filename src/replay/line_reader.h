// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "replay/byte_source.h"

namespace tapeline::replay {

enum class LineStatus : std::uint8_t {
  kLine,
  kTooLong,  // longer than the limit: skipped, only its number is known
  kEnd,
};

struct LineReaderOptions {
  std::size_t batch_bytes = std::size_t{1} << 20;  // asked of the source at once; at least 4 KiB
  std::size_t line_bytes_max = std::size_t{64} << 20;
};

// Cuts a source into lines. The batch size changes speed and memory, never the lines. One thread;
// the buffer holds at most line_bytes_max + batch_bytes and a little.
class LineReader {
 public:
  static constexpr std::size_t kBatchBytesMin = 4096;

  explicit LineReader(std::unique_ptr<ByteSource> source, LineReaderOptions options = {});

  // The next line without its '\n' and without a '\r' before that; NUL bytes are data, and a last
  // line needs no '\n'. `line` is valid until the next call and has kReadPadding readable
  // bytes behind it. When the source fails, all whole lines come first, then its Error, at each
  // call; a line that the failure cuts is not delivered, since its rest may change its meaning.
  [[nodiscard]] Result<LineStatus> next(std::string_view& line) {
    if (newlines_left_ == 0) [[unlikely]]
      return next_batch(line);
    return take_line(line);
  }

  // Of the line that next() delivered or skipped last, from 1.
  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
  [[nodiscard]] const ByteSource& source() const { return *source_; }

 private:
  // So many bytes are searched for newlines at once: their places stay in the nearest cache.
  static constexpr std::size_t kIndexBytes = std::size_t{16} << 10;

  Result<LineStatus> next_batch(std::string_view& line);
  Result<LineStatus> skip_long_line();
  LineStatus last_line(std::string_view& line);
  void index_newlines();
  Result<std::size_t> fill();
  void make_room();

  LineStatus take_line(std::string_view& line) {
    const char* newline = index_base_ + *next_newline_;
    ++next_newline_;
    --newlines_left_;
    const char* start = begin_;
    begin_ = newline + 1;
    return found(start, newline, line);
  }

  LineStatus found(const char* start, const char* end, std::string_view& line) {
    ++line_number_;
    if (end != start && end[-1] == '\r') --end;
    const auto size = static_cast<std::size_t>(end - start);
    if (size > options_.line_bytes_max) [[unlikely]]
      return LineStatus::kTooLong;
    line = std::string_view(start, size);
    return LineStatus::kLine;
  }

  std::unique_ptr<ByteSource> source_;
  LineReaderOptions options_;
  std::unique_ptr<char[]> buffer_;  // NOLINT(modernize-avoid-c-arrays): grows uninitialised
  std::size_t capacity_ = 0;        // without the padding
  const char* begin_ = nullptr;     // what is read and not yet delivered
  char* end_ = nullptr;
  // Everything before scanned_ is searched; newlines found and not yet used, from index_base_.
  const char* scanned_ = nullptr;
  const char* index_base_ = nullptr;
  std::vector<std::uint32_t> newlines_;
  const std::uint32_t* next_newline_ = nullptr;
  std::size_t newlines_left_ = 0;
  bool source_ends_ = false;
  std::uint64_t line_number_ = 0;
};

}  // namespace tapeline::replay
