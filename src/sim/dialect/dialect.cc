// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"

#include <array>
#include <cstddef>

#include "sim/dialect/finnhub_conditions.h"

namespace tapeline::sim {
namespace {

constexpr std::array kDialects{
    DialectRow{.name = "binance",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .path = "stream",
               .make = make_binance},
    DialectRow{.name = "bitstamp",
               .dollar = "USD",
               .time_step = std::chrono::milliseconds(1),
               .make = make_bitstamp},
    DialectRow{.name = "bybit",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .path = "v5/public/spot",
               .make = make_bybit},
    DialectRow{.name = "coinbase",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .make = make_coinbase},
    DialectRow{.name = "coinbase_advanced",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .make = make_coinbase_advanced},
    DialectRow{.name = "finnhub",
               .dollar = "USD",
               .time_step = std::chrono::milliseconds(1),
               .make = make_finnhub,
               .conditions = &kFinnhubConditions},
    DialectRow{.name = "kraken",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .path = "v2",
               .make = make_kraken},
    DialectRow{.name = "okx",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .path = "ws/v5/public",
               .make = make_okx},
    DialectRow{.name = "twelvedata",
               .dollar = "USD",
               .time_step = std::chrono::seconds(1),
               .path = "v1/quotes/price",
               .make = make_twelvedata},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kDialects.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kDialects[i].name;
  return names;
}();

}  // namespace

const DialectRow* find_dialect(std::string_view name) {
  for (const DialectRow& row : kDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::span<const std::string_view> dialect_names() { return kNames; }

}  // namespace tapeline::sim
