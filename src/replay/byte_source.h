// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/padding.h"
#include "base/result.h"

namespace tapeline::replay {

// The bytes of one input, from its beginning to its end, decompressed. One thread.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Fills at most `into` (not empty) and says how much; 0 only at the end. Of a truncated or
  // damaged input everything before the damage is delivered first, then each call returns the
  // same Error, which names the input, the byte offset in it and what is wrong.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into) = 0;

  // For progress: bytes of the input itself, before decompression.
  [[nodiscard]] virtual std::uint64_t bytes_read_raw() const = 0;
  // Empty where the input does not say: a pipe, a terminal.
  [[nodiscard]] virtual std::optional<std::uint64_t> bytes_total_raw() const = 0;
};

// A file, or stdin for "-". Names that end in .zst, .xz or .gz are decompressed as they are read,
// in bounded memory. A missing or unreadable file and a directory are the caller's fault. A read
// that a signal interrupts goes on, but with `stop` set it is an Error: a silent pipe would keep a
// person waiting.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_byte_source(
    const std::string& path, const std::atomic<bool>* stop = nullptr);

// All of a file that is meant to be small, decompressed, with kReadPadding zero bytes behind the
// view that `text` gives; beyond 64 MiB it is the caller's fault.
class SmallFile {
 public:
  explicit SmallFile(std::string padded) : padded_(std::move(padded)) {}

  [[nodiscard]] std::string_view text() const {
    return std::string_view(padded_).substr(0, padded_.size() - kReadPadding);
  }

 private:
  std::string padded_;
};
[[nodiscard]] Result<SmallFile> read_small_file(const std::string& path);

}  // namespace tapeline::replay
