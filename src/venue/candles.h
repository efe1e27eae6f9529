// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/time.h"

namespace tapeline::venue {

// A venue's REST history of its own candles, of one minute each: what our bars are held against.
// All of it is pure.

inline constexpr Duration kCandleInterval = std::chrono::minutes(1);

// The candles that begin within [from, to), both whole minutes.
struct CandleWish {
  std::string symbol{};  // as the instrument list writes it
  EventTime from;
  EventTime to;

  friend bool operator==(const CandleWish&, const CandleWish&) = default;
};

struct WireCandle {
  EventTime start;
  Decimal open;
  Decimal high;
  Decimal low;
  Decimal close;
  Decimal volume;
  std::optional<std::uint64_t> trades{};

  friend bool operator==(const WireCandle&, const WireCandle&) = default;
};

enum CandleCell : std::size_t {
  kCandleTime,
  kCandleOpen,
  kCandleHigh,
  kCandleLow,
  kCandleClose,
  kCandleVolume,
  kCandleTrades,
  kCandleCells,
};

// How a venue writes its candles: a list of rows, each an array or an object.
struct CandleFormat {
  static constexpr std::size_t kNoColumn = SIZE_MAX;
  static constexpr std::string_view kAnyKey = "*";  // the first one that holds an array

  // The keys that lead to the list; empty ones: nothing is left to go through.
  std::array<std::string_view, 2> path{};
  // By CandleCell: where it stands in an array ...
  std::array<std::size_t, kCandleCells> columns{};
  // ... or its name in an object.
  std::array<std::string_view, kCandleCells> names{};
  Duration time_unit{};
};

struct CandleFacts {
  Duration request_every{};  // no more than one request in this time
  std::size_t rows_max = 0;  // of one answer, and the minutes of one wish
  Duration depth{};          // how far back it reaches; zero: no limit is known
  // Path and query of a GET below SessionFacts::rest.
  std::string (*target)(const CandleWish& wish) = nullptr;
  CandleFormat format{};
};

// The candles of an answer of status 200, the oldest first, also those that nobody wished for. An
// Error says that it is no page, or that it lies: a row that cannot be read or be a candle, or rows
// in no order. `body` has kReadPadding readable bytes behind it.
[[nodiscard]] Result<std::vector<WireCandle>> read_candles(const CandleFormat& format,
                                                           std::string_view body);

constexpr std::int64_t unix_s(EventTime time) { return time.unix_ns() / 1'000'000'000; }
constexpr std::int64_t unix_ms(EventTime time) { return time.unix_ns() / 1'000'000; }

}  // namespace tapeline::venue
