// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "base/time.h"

namespace tapeline {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they stand");

// State as bytes, for ByteReader. A number takes one byte when it is below kInlineEnd; else a byte
// that says how many follow, and those, the lowest first. The bytes stand in blocks, so that growth
// never moves them and what several threads wrote is joined without a copy. One thread.
class ByteWriter {
 public:
  static constexpr std::uint8_t kInlineEnd = 0xF0;

  // Of any unsigned type, one behind the other. Several at once cost less: the compiler then knows
  // that writing moves nothing else.
  template <typename... T>
  void numbers(T... values) {
    char* at = room((... + (1 + sizeof(T))));
    ((at = put(at, values)), ...);
    at_ = at;
  }
  template <typename T>
  void number(T value) {
    numbers(value);
  }

  // A number of either sign as one without, so that small ones stay small.
  static constexpr std::uint64_t unsigned_of(std::int64_t value) {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  }
  static constexpr Uint128 unsigned_of(Int128 value) {
    return static_cast<Uint128>(value) << 1 ^ static_cast<Uint128>(value >> 127);
  }
  void integer(std::int64_t value) { number(unsigned_of(value)); }
  void integer128(Int128 value) { number(unsigned_of(value)); }

  void flag(bool value) { number(std::uint8_t{value}); }
  template <typename Enum>
  void choice(Enum value) {
    number(static_cast<std::uint8_t>(value));
  }
  template <typename Tag>
  void time(TimePoint<Tag> value) {
    integer(value.unix_ns());
  }
  // Its size, then its bytes.
  void text(std::string_view text);

  // Everything of another writer, behind what is here.
  void append(ByteWriter&& other);

  [[nodiscard]] std::size_t size() const { return closed_ + open(); }
  // Views of all that was written, in order; they live until the next call that writes.
  [[nodiscard]] std::vector<std::string_view> parts() const;
  // The same as one; copies it.
  [[nodiscard]] std::string joined() const;

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  struct Block {
    std::unique_ptr<char[], Free> bytes;
    std::size_t size = 0;  // of all but the last, whose size is open()
  };

  // Writes up to 1 + sizeof(T) bytes, and says where the next ones go.
  template <typename T>
  static char* put(char* at, T value) {
    static_assert(T(0) < static_cast<T>(~T(0)), "unsigned");
    if (value < kInlineEnd) {
      *at = static_cast<char>(value);
      return at + 1;
    }
    const unsigned bytes = bytes_of(value);
    *at = static_cast<char>(kInlineEnd + bytes - 1);
    std::memcpy(at + 1, &value, sizeof(T));
    return at + 1 + bytes;
  }

  template <typename T>
  static unsigned bytes_of(T value) {
    if constexpr (sizeof(T) > sizeof(std::uint64_t)) {
      const auto high = static_cast<std::uint64_t>(value >> 64);
      if (high != 0) return 8 + bytes_of(high);
      return bytes_of(static_cast<std::uint64_t>(value));
    } else {
      return (static_cast<unsigned>(std::bit_width(std::uint64_t{value})) + 7) / 8;
    }
  }

  // So many bytes to write at.
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) [[unlikely]]
      add_block(bytes);
    return at_;
  }
  void add_block(std::size_t bytes);
  void close_block();
  [[nodiscard]] std::size_t open() const {
    return blocks_.empty() ? 0 : static_cast<std::size_t>(at_ - blocks_.back().bytes.get());
  }

  std::vector<Block> blocks_;
  char* at_ = nullptr;  // of the last block
  char* end_ = nullptr;
  std::size_t closed_ = 0;  // bytes of all blocks but the last
};

}  // namespace tapeline
