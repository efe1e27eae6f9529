// SPDX-License-Identifier: Apache-2.0
#include "serve/day_prices.h"

#include <fmt/format.h>

#include <algorithm>

namespace tapeline::serve {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
// A quotient beyond it is no change that anybody reads.
constexpr Uint128 kPartMax = kPow10[15];

std::int64_t minute_of(EventTime time) {
  const std::int64_t ns = time.unix_ns();
  const std::int64_t behind = ns % kMinute.count();
  return (ns - (behind < 0 ? behind + kMinute.count() : behind)) / kMinute.count();
}

// part / whole in hundredths of a percent, half-even, digit by digit so that nothing overflows.
std::optional<Uint128> ratio(Uint128 part, Uint128 whole) {
  constexpr int kPlaces = 4;
  Uint128 quotient = part / whole;
  Uint128 rest = part % whole;
  if (quotient > kPartMax) return std::nullopt;
  for (int i = 0; i < kPlaces; ++i) {
    quotient = quotient * 10 + rest * 10 / whole;
    rest = rest * 10 % whole;
  }
  const bool is_up = 2 * rest > whole || (2 * rest == whole && quotient % 2 == 1);
  return quotient + (is_up ? 1 : 0);
}

std::string percent_of(Int128 from, Int128 to) {
  if (from <= 0) return {};
  const auto hundredths = ratio(magnitude(to - from), static_cast<Uint128>(from));
  if (!hundredths) return {};
  const auto number = static_cast<std::uint64_t>(*hundredths);
  return fmt::format("{}{}.{:02}", to < from && number > 0 ? "-" : "", number / 100, number % 100);
}

}  // namespace

bool DayPrices::put(const FirstPrice& first) {
  const std::int64_t minute = minute_of(first.start);
  constexpr std::int64_t kMinutes = kReach / kMinute;
  if (!minutes_.empty() && minute < minute_of(minutes_.back().start) - kMinutes) {
    knows_older_ = true;
    return false;
  }
  auto at = std::lower_bound(
      minutes_.begin(), minutes_.end(), minute,
      [](const FirstPrice& known, std::int64_t wanted) { return minute_of(known.start) < wanted; });
  if (at == minutes_.end() || minute_of(at->start) != minute) {
    at = minutes_.insert(at, first);
    const auto is_old = [&](const FirstPrice& known) {
      return minute_of(known.start) < minute_of(minutes_.back().start) - kMinutes;
    };
    const auto young = std::find_if_not(minutes_.begin(), minutes_.end(), is_old);
    knows_older_ = knows_older_ || young != minutes_.begin();
    minutes_.erase(minutes_.begin(), young);
    return true;
  }
  const bool is_newer =
      first.start < at->start || (first.start == at->start && first.revision >= at->revision);
  if (!is_newer) return false;
  const bool is_other = first.start != at->start || first.price != at->price;
  *at = first;
  return is_other;
}

std::optional<FirstPrice> DayPrices::first_before(EventTime now) const {
  const std::int64_t oldest = minute_of(now - kReach);
  const auto first = std::find_if(minutes_.begin(), minutes_.end(), [&](const FirstPrice& known) {
    return minute_of(known.start) >= oldest;
  });
  if (first == minutes_.end() || first->start > now) return std::nullopt;
  return *first;
}

bool DayPrices::reaches_behind(EventTime now) const {
  const bool has_older =
      !minutes_.empty() && minute_of(minutes_.front().start) < minute_of(now - kReach);
  return knows_older_ || has_older;
}

std::string Change::over() const {
  if (is_whole_day) return fmt::format("{}h", DayPrices::kReach / std::chrono::hours(1));
  const Duration span = std::max(to - from.start, Duration());
  const auto minutes = span / kMinute;
  return minutes < 60 ? fmt::format("{}m", minutes) : fmt::format("{}h", minutes / 60);
}

std::optional<Change> change_of(const DayPrices& day, Decimal price, EventTime to) {
  const auto from = day.first_before(to);
  if (!from) return std::nullopt;
  // A first price of the window's first minute is one of 24 hours ago.
  const bool is_whole = to - from->start >= DayPrices::kReach || day.reaches_behind(to);
  return Change{*from, to, is_whole, percent_of(from->price, price.at_scale_18())};
}

}  // namespace tapeline::serve
