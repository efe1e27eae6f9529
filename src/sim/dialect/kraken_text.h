// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/market/truth.h"

namespace tapeline::sim {

// BTC/USD, as the stream says; the REST interface calls it XBTUSD, and XXBTZUSD in its answers.
inline std::string kraken_symbol(const Instrument& row) { return row.base + "/" + row.quote; }
inline std::string kraken_asset(std::string_view asset) {
  return std::string(asset == "BTC" ? "XBT" : asset);
}
inline std::string kraken_pair(const Instrument& row) {
  return kraken_asset(row.base) + kraken_asset(row.quote);
}
// Old assets have a letter more within the venue.
inline std::string kraken_key(const Instrument& row) {
  const auto letter = [](std::string_view asset) {
    return std::string(asset == "USD"                     ? "Z"
                       : asset == "BTC" || asset == "ETH" ? "X"
                                                          : "") +
           kraken_asset(asset);
  };
  return letter(row.base) + letter(row.quote);
}

}  // namespace tapeline::sim
