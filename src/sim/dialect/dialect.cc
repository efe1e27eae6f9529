// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"

#include <array>

namespace tapeline::sim {
namespace {

constexpr std::array kDialects{
    DialectRow{.name = "binance",
               .target = "/stream",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .make = make_binance},
    DialectRow{.name = "bybit",
               .target = "/v5/public/spot",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .make = make_bybit},
    DialectRow{.name = "coinbase",
               .target = "/",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .make = make_coinbase},
    DialectRow{.name = "kraken",
               .target = "/v2",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .make = make_kraken},
    DialectRow{.name = "okx",
               .target = "/ws/v5/public",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .make = make_okx},
};

}  // namespace

const DialectRow* find_dialect(std::string_view name) {
  for (const DialectRow& row : kDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> names;
  for (const DialectRow& row : kDialects) names.push_back(row.name);
  return names;
}

}  // namespace tapeline::sim
