// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"

#include <array>

namespace tapeline::sim {
namespace {

constexpr std::array kDialects{
    DialectRow{.name = "coinbase",
               .dollar = "USD",
               .time_step = std::chrono::microseconds(1),
               .make = make_coinbase},
    DialectRow{.name = "binance",
               .dollar = "USDT",
               .time_step = std::chrono::milliseconds(1),
               .make = make_binance},
};

}  // namespace

const DialectRow* find_dialect(std::string_view name) {
  for (const DialectRow& row : kDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string_view dialect_names() { return "coinbase, binance"; }

}  // namespace tapeline::sim
