// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <array>
#include <cstddef>

namespace tapeline {

void append_scaled(std::string& out, Int128 value, int scale) {
  Uint128 rest = magnitude(value);
  while (scale > 0 && rest % 10 == 0) {
    rest /= 10;
    --scale;
  }
  // 39 digits hold every Int128; a scale adds at most a leading zero and a point.
  std::array<char, 96> buffer{};
  std::size_t at = buffer.size();
  int written = 0;
  do {
    if (written == scale && scale > 0) buffer[--at] = '.';
    buffer[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    ++written;
  } while (rest != 0 || written <= scale);
  if (value < 0) out.push_back('-');
  out.append(&buffer[at], buffer.size() - at);
}

std::string to_string(Decimal value) {
  std::string out;
  append_decimal(out, value);
  return out;
}

}  // namespace tapeline
