// SPDX-License-Identifier: Apache-2.0
#pragma once

// As the rest of the program reads JSON.
#define SIMDJSON_EXCEPTIONS 0          // NOLINT(readability-identifier-naming)
#define SIMDJSON_DEVELOPMENT_CHECKS 0  // NOLINT(readability-identifier-naming)
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "model/bar.h"
#include "model/trade.h"
#include "store/rows.h"

namespace tapeline::serve {

inline constexpr JournalId kJournal{7};
inline constexpr Duration kSecond = std::chrono::seconds(1);
inline constexpr EventTime kNoon{1'700'000'000'000'000'000};

inline EventTime second(std::int64_t n) { return kNoon + n * kSecond; }

// The n-th trade: its price is its number.
inline Trade make_trade(std::uint64_t id, InstrumentId instrument = {}) {
  Trade trade;
  trade.instrument = instrument;
  trade.side = Side::kBuy;
  trade.feeds_bars = true;
  trade.ts_event = kNoon + std::chrono::milliseconds(id);
  trade.ts_recv = RecvTime(trade.ts_event.unix_ns() + 1'000'000);
  trade.price = {static_cast<std::int64_t>(id), 0};
  trade.size = {5, 1};
  trade.id = TradeId(id);
  trade.first_fill = trade.last_fill = id;
  trade.contiguous = true;
  return trade;
}

inline store::BarRow make_bar(EventTime start, std::int64_t close, std::uint32_t revision = 0,
                              BarState state = BarState::kFinal) {
  store::BarRow bar;
  bar.interval = kSecond;
  bar.start = start;
  bar.columns.close = static_cast<Int128>(close) * 1'000'000'000'000'000'000;
  bar.columns.trades = 1;
  bar.state = state;
  bar.revision = revision;
  bar.quality = Quality::kComplete;
  return bar;
}

// JSON as another library reads it; a test fails where it is none.
class Json {
 public:
  explicit Json(std::string_view text) : text_(text) {
    EXPECT_EQ(parser_.parse(text_).get(root_), simdjson::SUCCESS) << text_;
  }

  [[nodiscard]] simdjson::dom::element root() const { return root_; }
  [[nodiscard]] std::string text(std::string_view pointer) const {
    std::string_view value;
    EXPECT_EQ(root_.at_pointer(pointer).get_string().get(value), simdjson::SUCCESS)
        << pointer << " of " << text_;
    return std::string(value);
  }
  [[nodiscard]] std::uint64_t number(std::string_view pointer) const {
    std::uint64_t value = 0;
    EXPECT_EQ(root_.at_pointer(pointer).get_uint64().get(value), simdjson::SUCCESS)
        << pointer << " of " << text_;
    return value;
  }
  [[nodiscard]] bool has(std::string_view pointer) const {
    return root_.at_pointer(pointer).error() == simdjson::SUCCESS;
  }
  [[nodiscard]] std::size_t size(std::string_view pointer) const {
    simdjson::dom::array array;
    EXPECT_EQ(root_.at_pointer(pointer).get_array().get(array), simdjson::SUCCESS)
        << pointer << " of " << text_;
    return array.size();
  }

 private:
  std::string text_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

}  // namespace tapeline::serve
