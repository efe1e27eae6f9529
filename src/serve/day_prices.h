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
  // Whether anything is known from before those 24 hours: then they are known from their start,
  // also where nothing was traded in their first minutes.
  [[nodiscard]] bool reaches_behind(EventTime now) const;
  // Something older than a day is known elsewhere.
  void note_older() { knows_older_ = true; }

 private:
  std::vector<FirstPrice> minutes_;  // ascending
  bool knows_older_ = false;         // than what minutes_ may hold
};

// How far a price moved.
struct Change {
  FirstPrice from;
  EventTime to;  // the time of the price that is compared
  bool is_whole_day = false;
  // "1.25", rounded half-even; empty where there is nothing to be a part of.
  std::string percent;

  // "24h" of a whole day, or else how long it is: whole hours, below one whole minutes.
  [[nodiscard]] std::string over() const;
};
// Nothing where no price of the day before `to` is known.
[[nodiscard]] std::optional<Change> change_of(const DayPrices& day, Decimal price, EventTime to);

}  // namespace tapeline::serve
