// SPDX-License-Identifier: Apache-2.0
#include "sim/market/instrument.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"

namespace tapeline::sim {
namespace {

// An empty quote stands for the venue's dollar.
struct Row {
  std::string_view base;
  std::string_view quote;
  int price_places;
  int size_places;
  std::int64_t start_price;
  std::int64_t typical_size;
  std::uint32_t weight;
};

constexpr std::array<Row, kInstrumentsDefault> kRows{{
    {"BTC", "", 2, 8, 6'451'220, 1'250'000, 5000},
    {"ETH", "", 2, 8, 312'045, 22'000'000, 3000},
    {"SOL", "", 2, 6, 14'870, 4'000'000, 1500},
    {"ZEC", "", 2, 8, 4'188, 150'000'000, 2},
    {"SKL", "BTC", 8, 1, 1'305, 9'850, 300},
    {"ADA", "", 4, 2, 4'512, 40'000, 198},
}};

}  // namespace

std::vector<Instrument> make_instruments(std::size_t count, std::string_view dollar) {
  TAPELINE_CHECK(count >= 1 && count <= kInstrumentsMax, "the number of instruments has bounds");
  std::vector<Instrument> made;
  for (std::size_t i = 0; i < count; ++i) {
    if (i < kRows.size()) {
      const Row& row = kRows[i];
      made.push_back({.base = std::string(row.base),
                      .quote = std::string(row.quote.empty() ? dollar : row.quote),
                      .price_places = row.price_places,
                      .size_places = row.size_places,
                      .start_price = row.start_price,
                      .typical_size = row.typical_size,
                      .weight = row.weight});
    } else {
      made.push_back({.base = fmt::format("X{:03}", i),
                      .quote = std::string(dollar),
                      .price_places = static_cast<int>(i % 5),
                      .size_places = static_cast<int>(i % 7),
                      .start_price = static_cast<std::int64_t>(1000 + i * 37),
                      .typical_size = static_cast<std::int64_t>(100 + i),
                      .weight = 100});
    }
  }
  return made;
}

}  // namespace tapeline::sim
