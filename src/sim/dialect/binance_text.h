// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/int128.h"
#include "base/time.h"
#include "sim/market/text.h"

namespace tapeline::sim {

// Binance writes every price and quantity with eight places.
inline std::string eight_places(std::int64_t units, int places) {
  std::string text;
  append_fixed(text, units * static_cast<Int128>(kPow10[static_cast<std::size_t>(8 - places)]), 8);
  return text;
}

inline std::int64_t unix_ms(EventTime time) { return time.unix_ns() / 1'000'000; }

inline std::string lower_case(std::string_view symbol) {
  std::string text(symbol);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace tapeline::sim
