// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "base/result.h"

namespace tapeline::replay {

// Lines of text to a file or standard output, in large writes. A failed write is kept and
// reported by finish(): from then on nothing is written. What the file held before goes with the
// first write. One thread.
class TextOutput {
 public:
  // An empty path is standard output.
  [[nodiscard]] static Result<std::unique_ptr<TextOutput>> open(const std::string& path);
  ~TextOutput();
  TextOutput(const TextOutput&) = delete;
  TextOutput& operator=(const TextOutput&) = delete;

  // Where the caller appends a line; end_line() completes it.
  [[nodiscard]] std::string& line() { return buffer_; }
  void end_line() {
    buffer_.push_back('\n');
    ++lines_;
    if (buffer_.size() >= kFlushBytes) flush();
  }

  [[nodiscard]] std::uint64_t lines() const { return lines_; }

  // Writes what is left and closes. Call it once, at the end.
  [[nodiscard]] Result<void> finish();

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

  TextOutput(std::FILE* file, std::string name, bool owned);
  void flush();

  std::FILE* file_;
  std::string name_;
  bool owned_;
  bool is_cut_ = false;  // what stood in the file before is gone
  std::string buffer_;
  std::uint64_t lines_ = 0;
  int failed_errno_ = 0;
};

}  // namespace tapeline::replay
