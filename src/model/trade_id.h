// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace tapeline {

// The id a venue gave a trade, as it wrote it. Ids of digits compare as integers and come before
// all others, which compare bytewise. Up to 39 bytes, held in place, so that an id is a value.
class TradeId {
 public:
  static constexpr std::size_t kTextBytesMax = 39;

  constexpr TradeId() = default;
  constexpr explicit TradeId(std::uint64_t number) : number_(number) {}

  // Digits that fit 64 bits and have no leading zero become a number; anything else up to 39
  // printable bytes without separators stays text. Empty or longer ids are refused.
  static std::optional<TradeId> parse(std::string_view text);

  [[nodiscard]] constexpr bool is_number() const { return length_ == 0; }
  // Only of a number: what a venue's contiguous ids are counted in.
  [[nodiscard]] constexpr std::uint64_t number() const { return number_; }

  void append_to(std::string& out) const;

  friend std::strong_ordering operator<=>(const TradeId& a, const TradeId& b) {
    if (a.is_number() && b.is_number()) return a.number_ <=> b.number_;
    return compare_text(a, b);
  }
  friend bool operator==(const TradeId& a, const TradeId& b) {
    if (a.is_number() && b.is_number()) return a.number_ == b.number_;
    return a.length_ == b.length_ && a.text() == b.text();
  }

  [[nodiscard]] std::uint64_t hash() const;

  void save(ByteWriter& out) const {
    if (!is_number()) return save_text(out);
    out.numbers(length_, number_);
  }
  void load(ByteReader& in);

 private:
  static constexpr std::size_t kTailBytes = kTextBytesMax - sizeof(std::uint64_t);

  void save_text(ByteWriter& out) const;
  [[nodiscard]] std::string text() const;
  static std::strong_ordering compare_text(const TradeId& a, const TradeId& b);

  std::uint64_t number_ = 0;             // the number, or the first eight bytes of the text
  std::array<char, kTailBytes> tail_{};  // the rest of the text
  std::uint8_t length_ = 0;              // bytes of text; 0 for a number
};

static_assert(sizeof(TradeId) == 40);

}  // namespace tapeline
