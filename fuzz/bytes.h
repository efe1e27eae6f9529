// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tapeline::fuzz {

// An input as what to do: bytes that are taken off its front, and zeros behind its end. It views
// the input.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const auto out = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return out;
  }
  // Up to so many.
  std::string_view take(std::size_t size) {
    const std::string_view out = left_.substr(0, size);
    left_.remove_prefix(out.size());
    return out;
  }
  // The sample with a digit in the place of each '#'.
  std::string filled(std::string_view sample) {
    std::string out(sample);
    for (char& c : out) {
      if (c == '#') c = static_cast<char>('0' + byte() % 10);
    }
    return out;
  }

 private:
  std::string_view left_;
};

}  // namespace tapeline::fuzz
