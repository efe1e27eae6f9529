// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

namespace tapeline {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr int kFractionDigitsMax = 9;
constexpr int kYearMin = 1678;
constexpr int kYearMax = 2261;

constexpr unsigned kNoNumber = 10'000;

unsigned digit(char c) {
  const auto value = static_cast<unsigned>(c) - unsigned{'0'};
  return value < 10 ? value : kNoNumber;
}

// A value of 100 or more says that one of the two was no digit.
unsigned two_digits(const char* at) { return digit(at[0]) * 10 + digit(at[1]); }

// The offset of the zone behind the time, in seconds; 'Z' is 0.
std::optional<std::int64_t> parse_zone(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const unsigned hours = two_digits(&zone[1]);
  const unsigned minutes = two_digits(&zone[4]);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const auto offset =
      static_cast<std::int64_t>(hours) * 3600 + static_cast<std::int64_t>(minutes) * 60;
  return zone[0] == '-' ? -offset : offset;
}

// Days since 1970-01-01 of a valid date; empty for one that no calendar has.
std::optional<std::int64_t> parse_date(const char* at) {
  const unsigned year = two_digits(at) * 100 + two_digits(at + 2);
  const unsigned month = two_digits(at + 5);
  const unsigned day = two_digits(at + 8);
  if (year < kYearMin || year > kYearMax || at[4] != '-' || at[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(month), std::chrono::day(day)};
  if (month > 12 || day > 31 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> kUnits{{
    {"d", kSecondsPerDay* kNsPerSecond},
    {"h", 3'600 * kNsPerSecond},
    {"m", 60 * kNsPerSecond},
    {"s", kNsPerSecond},
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
}};

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  constexpr std::size_t kDateTimeSize = 19;  // 2021-04-17T16:43:37
  if (text.size() <= kDateTimeSize) return std::nullopt;
  const char* at = text.data();
  const auto days = parse_date(at);
  const unsigned hour = two_digits(at + 11);
  const unsigned minute = two_digits(at + 14);
  const unsigned second = two_digits(at + 17);
  if (!days || (at[10] != 'T' && at[10] != 't' && at[10] != ' ') || at[13] != ':' ||
      at[16] != ':') {
    return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;

  std::size_t next = kDateTimeSize;
  std::int64_t fraction = 0;
  if (text[next] == '.') {
    int digits = 0;
    for (++next; next < text.size() && digit(text[next]) < 10; ++next, ++digits) {
      if (digits == kFractionDigitsMax) return std::nullopt;
      fraction = fraction * 10 + digit(text[next]);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < kFractionDigitsMax; ++digits) fraction *= 10;
  }
  const auto zone = parse_zone(text.substr(next));
  if (!zone) return std::nullopt;
  const std::int64_t seconds = *days * kSecondsPerDay + std::int64_t{hour} * 3600 +
                               std::int64_t{minute} * 60 + second - *zone;
  return seconds * kNsPerSecond + fraction;
}

void append_rfc3339(std::string& out, std::int64_t unix_ns) {
  std::int64_t seconds = unix_ns / kNsPerSecond;
  std::int64_t fraction = unix_ns % kNsPerSecond;
  if (fraction < 0) {
    fraction += kNsPerSecond;
    --seconds;
  }
  std::int64_t days = seconds / kSecondsPerDay;
  std::int64_t rest = seconds % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), rest / 3600, rest / 60 % 60, rest % 60,
                 fraction);
}

std::string format_rfc3339(std::int64_t unix_ns) {
  std::string out;
  append_rfc3339(out, unix_ns);
  return out;
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || count < 0) return std::nullopt;
  for (const auto& [name, ns] : kUnits) {
    if (std::string_view(unit, static_cast<std::size_t>(end - unit)) != name) continue;
    if (count > std::numeric_limits<std::int64_t>::max() / ns) return std::nullopt;
    return Duration(count * ns);
  }
  return std::nullopt;
}

std::string format_duration(Duration duration) {
  for (const auto& [name, ns] : kUnits) {
    if (duration.count() % ns == 0 && duration.count() != 0) {
      return fmt::format("{}{}", duration.count() / ns, name);
    }
  }
  return "0s";
}

}  // namespace tapeline
