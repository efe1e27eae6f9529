// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "sim/market/text.h"

namespace tapeline::sim {

// A frame as it is written, piece by piece: the simulator has to be faster than what it feeds.
class FrameText {
 public:
  FrameText() { text_.reserve(kBytesUsual); }

  FrameText& put(std::string_view piece) {
    text_ += piece;
    return *this;
  }
  FrameText& number(std::uint64_t value) { return digits(value, 10, 1); }
  FrameText& truth(bool value) { return put(value ? "true" : "false"); }
  // As append_fixed() and append_exact() say.
  FrameText& fixed(std::int64_t units, int places) {
    append_fixed(text_, units, places);
    return *this;
  }
  FrameText& exact(std::int64_t units, int places) {
    append_exact(text_, units, places);
    return *this;
  }
  FrameText& hex(std::uint64_t value, std::size_t digits_min) {
    return digits(value, 16, digits_min);
  }
  // With microseconds.
  FrameText& utc(EventTime time) {
    append_utc(text_, time.unix_ns(), 6);
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kBytesUsual = 320;

  FrameText& digits(std::uint64_t value, int base, std::size_t digits_min) {
    std::array<char, 20> buffer{};
    const char* const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, base).ptr;
    const std::string_view written(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    if (written.size() < digits_min) text_.append(digits_min - written.size(), '0');
    text_ += written;
    return *this;
  }

  std::string text_;
};

}  // namespace tapeline::sim
