// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/decimal.h"
#include "base/padding.h"
#include "base/time.h"
#include "venue/field.h"
#include "venue/venue.h"

namespace tapeline::venue {

// Reads a frame in exactly the form a venue writes it, in one pass and without a look at what the
// form already says. It declines (false) whatever is written otherwise - a valid frame with other
// blanks, key order or escapes just as a broken one - and then the JSON reader decides. What it
// accepts is ASCII, complete JSON, and means what the JSON reader would have found.
//
// Each step reads at most kReadPadding bytes and leaves the position within the frame.
class Scan {
 public:
  explicit Scan(std::string_view frame) : at_(frame.data()), end_(frame.data() + frame.size()) {}

  [[nodiscard]] bool is_at_end() const { return at_ == end_; }

  template <std::size_t N>
  bool literal(const char (&text)[N]) {
    constexpr std::size_t kSize = N - 1;
    static_assert(kSize <= kReadPadding);
    if (left() < kSize || std::memcmp(at_, text, kSize) != 0) return false;
    at_ += kSize;
    return true;
  }

  // A JSON number of digits alone.
  bool number(std::uint64_t& out) {
    const char* const start = at_;
    const char* at = start;
    std::uint64_t value = 0;
    while (json::is_digit(*at) && at - start < kDigitsMax) {
      value = value * 10 + static_cast<std::uint64_t>(*at++ - '0');
    }
    if (at == start || (*start == '0' && at - start > 1)) return false;
    out = value;
    return move_to(at);
  }

  // The digits of a decimal, up to its closing quote.
  bool decimal(Decimal& out) {
    const char* const start = at_;
    const char* at = start;
    std::uint64_t value = 0;
    while (json::is_digit(*at) && at - start < kDigitsMax) {
      value = value * 10 + static_cast<std::uint64_t>(*at++ - '0');
    }
    if (at == start) return false;
    // Up to the last digit that is not zero: the zeros behind it say nothing.
    std::uint64_t kept = value;
    std::ptrdiff_t scale = 0;
    if (*at == '.') {
      const char* const fraction = ++at;
      while (json::is_digit(*at) && at - start < kDigitsMax) {
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
        ++at;
        const bool is_zero = at[-1] == '0';
        kept = is_zero ? kept : value;
        scale = is_zero ? scale : at - fraction;
      }
      if (at == fraction) return false;
    }
    out = Decimal{static_cast<std::int64_t>(kept), static_cast<std::uint8_t>(scale)};
    return move_to(at);
  }

  // The same of a JSON number, up to what follows it.
  bool bare_decimal(Decimal& out) {
    return !(*at_ == '0' && json::is_digit(at_[1])) && decimal(out);
  }

  // A word without blanks or escapes, up to its closing quote: what may stand in a symbol.
  bool word(std::string_view& out) { return symbol(out); }

  // The characters of a symbol, up to its closing quote.
  bool symbol(std::string_view& out) {
    const char* at = at_;
    while (kIsSymbolByte[static_cast<unsigned char>(*at)] && left_from(at) > 0) {
      if (static_cast<std::size_t>(++at - at_) > kSymbolBytesMax - 1) return false;
    }
    if (at == at_) return false;
    out = {at_, static_cast<std::size_t>(at - at_)};
    return move_to(at);
  }

  // Skips N characters that are neither quote nor escape.
  template <std::size_t N>
  bool plain_text() {
    static_assert(N <= kReadPadding);
    if (left() < N) return false;
    unsigned bad = 0;
    for (std::size_t i = 0; i < N; ++i) {
      const auto c = static_cast<unsigned char>(at_[i]);
      bad |= static_cast<unsigned>(c < 0x20) | static_cast<unsigned>(c >= 0x80) |
             static_cast<unsigned>(c == '"') | static_cast<unsigned>(c == '\\');
    }
    at_ += N;
    return bad == 0;
  }

  // A time with microseconds: 2021-04-17T16:43:37.089723Z.
  bool time(EventTime& out) {
    constexpr std::size_t kSize = 27;
    if (left() < kSize) return false;
    const auto unix_ns = parse_rfc3339({at_, kSize});
    if (!unix_ns) return false;
    out = EventTime(*unix_ns);
    at_ += kSize;
    return true;
  }

  // Milliseconds or microseconds since 1970.
  bool epoch(EventTime& out) {
    std::uint64_t count = 0;
    if (!number(count)) return false;
    const auto unix_ns = epoch_ns(count);
    if (!unix_ns) return false;
    out = EventTime(*unix_ns);
    return true;
  }

 private:
  static constexpr int kDigitsMax = 18;  // they fit 64 bits, signed

  static constexpr std::array<bool, 256> kIsSymbolByte = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = '!'; c < 0x7F; ++c) {
      table[c] = c != ',' && c != '"' && c != '\\';
    }
    return table;
  }();

  [[nodiscard]] std::size_t left() const { return left_from(at_); }
  [[nodiscard]] std::size_t left_from(const char* at) const {
    return static_cast<std::size_t>(end_ - at);
  }
  bool move_to(const char* at) {
    at_ = at;
    return at <= end_;
  }

  const char* at_;
  const char* end_;
};

}  // namespace tapeline::venue
