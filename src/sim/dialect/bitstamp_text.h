// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/market/instrument.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// "btcusd"
inline std::string bitstamp_symbol(const Instrument& instrument) {
  std::string symbol = instrument.base + instrument.quote;
  std::transform(symbol.begin(), symbol.end(), symbol.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return symbol;
}

// One counter for all pairs: each pair's ids jump.
inline std::uint64_t bitstamp_id(std::uint32_t instrument, std::uint64_t fill) {
  return fill * 1000 + instrument;
}

// The index of the pair; as many as there are: none.
inline std::size_t find_bitstamp(const Truth& truth, std::string_view symbol) {
  const auto& rows = truth.instruments();
  const auto at = std::find_if(rows.begin(), rows.end(), [symbol](const Instrument& row) {
    return bitstamp_symbol(row) == symbol;
  });
  return static_cast<std::size_t>(at - rows.begin());
}

}  // namespace tapeline::sim
