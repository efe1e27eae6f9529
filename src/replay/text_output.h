// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "replay/json_lines.h"
#include "replay/options.h"

namespace tapeline::replay {

// Whether a path names standard input or output, and no file.
inline bool is_standard_stream(const std::string& path) { return path.empty() || path == "-"; }

// Lines of text to a file or standard output, in large writes. A failed write is kept and
// reported by finish(): from then on nothing is written. What the file held before goes with the
// first write. One thread.
class TextOutput {
 public:
  // A standard stream is standard output. As JSON lines, what callers append is CSV still, the
  // first line its header.
  [[nodiscard]] static Result<std::unique_ptr<TextOutput>> open(const std::string& path,
                                                                Format format = Format::kCsv);
  ~TextOutput();
  TextOutput(const TextOutput&) = delete;
  TextOutput& operator=(const TextOutput&) = delete;

  // Where the caller appends a line; end_line() completes it.
  [[nodiscard]] std::string& line() { return buffer_; }
  void end_line() {
    ++lines_;
    if (format_ == Format::kJsonLines) {
      end_json_line();
    } else {
      buffer_.push_back('\n');
    }
    if (buffer_.size() >= kFlushBytes) write_buffer();
  }

  // Writes what is complete.
  void flush();
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

  // Writes what is left and closes. Call it once, at the end.
  [[nodiscard]] Result<void> finish();

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

  TextOutput(std::FILE* file, std::string name, bool owned);
  void end_json_line();
  void write_buffer();

  std::FILE* file_;
  std::string name_;
  bool owned_;
  Format format_ = Format::kCsv;
  std::optional<JsonLines> json_;  // once the header has come
  std::string row_;                // of the line that becomes JSON
  std::size_t line_start_ = 0;     // in buffer_
  bool is_cut_ = false;            // what stood in the file before is gone
  std::string buffer_;
  std::uint64_t lines_ = 0;
  int failed_errno_ = 0;
};

}  // namespace tapeline::replay
