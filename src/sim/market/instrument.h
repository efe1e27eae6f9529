// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::sim {

// What the venue's instrument list says of it. The market goes on whatever that is.
enum class ListedAs : std::uint8_t { kTrading, kHalted, kUnlisted };
inline constexpr std::uint64_t kListedAs = 3;

// One thing that is traded. Prices and sizes are whole numbers of their last decimal place.
struct Instrument {
  std::string base{};
  std::string quote{};
  int price_places = 2;
  int size_places = 8;
  std::int64_t start_price = 1;
  std::int64_t typical_size = 1;
  std::uint32_t weight = 1;  // its share of the market's trades, against the others'
  ListedAs listed = ListedAs::kTrading;

  // BTC-USD: the name that all venues' instruments have in common.
  [[nodiscard]] std::string canonical() const { return base + "-" + quote; }
};

inline constexpr std::size_t kInstrumentsDefault = 6;
inline constexpr std::size_t kInstrumentsMax = 1000;

// The first `count` (1 to kInstrumentsMax) of a fixed list: busy ones first, then one so quiet that
// minutes pass without a trade, one whose price is far below one, and from then on as many made-up
// ones as it takes. `dollar` is what the venue calls a dollar.
std::vector<Instrument> make_instruments(std::size_t count, std::string_view dollar);

}  // namespace tapeline::sim
