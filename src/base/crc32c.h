// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace tapeline {

// CRC-32C (Castagnoli; RFC 3720, section 12.1) of what was added so far, in hardware where the
// build may use it.
class Crc32c {
 public:
  // The eight bytes of the word, the lowest first.
  void add(std::uint64_t word);
  void add(std::string_view bytes);

  [[nodiscard]] std::uint32_t value() const { return ~state_; }

 private:
  std::uint32_t state_ = UINT32_MAX;
};

}  // namespace tapeline
