// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/int128.h"
#include "base/time.h"

namespace tapeline::serve {

// The first price of a minute, out of the first bar in it, at scale 18.
struct FirstPrice {
  EventTime start;  // of that bar
  std::uint32_t revision = 0;
  Int128 price = 0;
};

// The first price of every minute of an instrument's last day, whatever the order they come in.
class DayPrices {
 public:
  static constexpr Duration kReach = std::chrono::hours(24);

  // True where it changes what a minute's first price is.
  bool put(const FirstPrice& first);
  // Of the last 24 hours before `now`, to the minute; nothing where none is known.
  [[nodiscard]] std::optional<FirstPrice> first_before(EventTime now) const;

 private:
  std::vector<FirstPrice> minutes_;  // ascending
};

// How far a price moved.
struct Change {
  FirstPrice from;
  EventTime to;  // the time of the price that is compared
  // "1.25", rounded half-even; empty where there is nothing to be a part of.
  std::string percent;

  // How long that is: whole hours, below one whole minutes.
  [[nodiscard]] std::string over() const;
};
[[nodiscard]] Change change_of(const FirstPrice& from, Decimal price, EventTime to);

}  // namespace tapeline::serve
