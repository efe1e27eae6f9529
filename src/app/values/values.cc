// SPDX-License-Identifier: Apache-2.0
#include "app/values/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <thread>

#include "app/values/text.h"
#include "base/decimal.h"

namespace tapeline::app::values {
namespace {

tl::unexpected<std::string> wrong(std::string text) { return tl::make_unexpected(std::move(text)); }

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return count;
}

// -1 for what is no number.
double number_of(std::string_view text) {
  const auto decimal = parse_decimal(text);
  if (!decimal) return -1.0;
  return static_cast<double>(decimal->mantissa) / static_cast<double>(kPow10[decimal->scale]);
}

}  // namespace

std::string format_range(DurationRange range) {
  return fmt::format("{} to {}", format_duration(range.least), format_duration(range.most));
}

std::string format_range(SizeRange range) {
  return fmt::format("{} to {}", format_size(range.least), format_size(range.most));
}

Value<Duration> read_duration(std::string_view text, DurationRange range) {
  const auto duration = parse_duration(text);
  if (!duration) {
    return wrong(fmt::format("{} is not a duration (allowed: {}, like 500ms, 2s or 5m)",
                             quoted(text), format_range(range)));
  }
  if (*duration < range.least || *duration > range.most) {
    return wrong(
        fmt::format("{} is out of range (allowed: {})", quoted(text), format_range(range)));
  }
  return *duration;
}

Value<EventTime> read_time(std::string_view text, replay::TimeFormat format) {
  if (format == replay::TimeFormat::kUnixNs) {
    std::int64_t unix_ns = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, unix_ns);
    if (error == std::errc{} && stopped == end) return EventTime(unix_ns);
    return wrong(
        fmt::format("{} is not a time (allowed with --time unix_ns: nanoseconds since 1970, like "
                    "1618677817000000000)",
                    quoted(text)));
  }
  const auto unix_ns = parse_rfc3339(text);
  if (!unix_ns) {
    return wrong(fmt::format(
        "{} is not a time (allowed: RFC 3339, like 2021-04-17T16:43:37Z; or nanoseconds "
        "with --time unix_ns)",
        quoted(text)));
  }
  return EventTime(*unix_ns);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 5> kUnits{
      {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"B", 0}}};
  int shift = 0;
  for (const auto& [unit, bits] : kUnits) {
    if (!text.ends_with(unit)) continue;
    text.remove_suffix(unit.size());
    shift = bits;
    break;
  }
  const auto count = parse_count(text);
  if (!count || *count > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *count << shift;
}

Value<std::size_t> read_batch_bytes(std::string_view text) {
  const auto bytes = parse_size(text);
  if (!bytes || *bytes < kBatchBytesMin || *bytes > kBatchBytesMax) {
    return wrong(fmt::format("{} is {} (allowed: 4KiB to 64MiB, like 64KiB)", quoted(text),
                             bytes ? "out of range" : "not a size"));
  }
  return static_cast<std::size_t>(*bytes);
}

Value<std::uint64_t> read_size(std::string_view text, SizeRange range) {
  const auto bytes = parse_size(text);
  if (bytes && *bytes >= range.least && *bytes <= range.most) return *bytes;
  return wrong(fmt::format("{} is {} (allowed: {}, like 128MiB)", quoted(text),
                           bytes ? "out of range" : "not a size", format_range(range)));
}

std::string format_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; unit + 1 < kUnits.size() && bytes > 0 && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return fmt::format("{}{}", bytes, kUnits[unit]);
}

Value<std::optional<unsigned>> read_shards(std::string_view text) {
  if (text == "auto") return std::optional<unsigned>();
  const auto count = parse_count(text);
  if (!count || *count < 1 || *count > kShardsMax) {
    return wrong(fmt::format("{} is {} (allowed: 1 to {}, or auto)", quoted(text),
                             count ? "out of range" : "not a number of shards", kShardsMax));
  }
  return std::optional(static_cast<unsigned>(*count));
}

unsigned shards_or_cores(std::optional<unsigned> shards) {
  return shards.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, kShardsMax));
}

std::uint64_t reserve_or_share(std::optional<std::uint64_t> reserve, std::uint64_t disk_bytes) {
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
  return reserve.value_or(std::min(kGibibyte, disk_bytes / 20));
}

Value<unsigned> read_number(std::string_view text, unsigned most) {
  const auto count = parse_count(text);
  if (count && *count >= 1 && *count <= most) return static_cast<unsigned>(*count);
  return wrong(fmt::format("{} is {} (allowed: 1 to {})", quoted(text),
                           count ? "out of range" : "not a number", most));
}

Value<bool> read_bool(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, bool>, 2> kTable{
      {{"true", true}, {"false", false}}};
  return read_word(text, kTable);
}

Value<std::optional<double>> read_speed(std::string_view text) {
  if (text == "max") return std::optional<double>();
  const double factor = number_of(text);
  if (factor >= kSpeedMin && factor <= kSpeedMax) return std::optional(factor);
  return wrong(fmt::format("{} is not a speed (allowed: max, or a factor from 0.001 to 1000000)",
                           quoted(text)));
}

Value<std::uint64_t> read_count(std::string_view text) {
  if (const auto count = parse_count(text)) return *count;
  return wrong(fmt::format("{} is not a number (allowed: digits)", quoted(text)));
}

Value<replay::RejectsLimit> read_rejects_limit(std::string_view text) {
  if (text.ends_with('%')) {
    const double value = number_of(text.substr(0, text.size() - 1));
    if (value >= 0 && value <= 100) return replay::RejectsLimit{.percent = value, .count = {}};
  } else if (const auto count = parse_count(text)) {
    return replay::RejectsLimit{.count = *count};
  }
  return wrong(
      fmt::format("{} is not a limit (allowed: 0% to 100%, like 1% or 0.5%, or a number of frames)",
                  quoted(text)));
}

Value<std::string> read_venue(std::string_view text, const std::vector<std::string>& venues) {
  if (std::find(venues.begin(), venues.end(), text) != venues.end()) return std::string(text);
  const auto best = nearest(text, views(venues));
  const std::string hint = best ? fmt::format("did you mean \"{}\"? ", *best) : std::string();
  return wrong(
      fmt::format("unknown venue {} ({}known: {})", quoted(text), hint, fmt::join(venues, ", ")));
}

Value<std::string> read_instrument(std::string_view text, const std::vector<std::string>& venues) {
  const std::size_t colon = text.find(':');
  const std::string_view venue = text.substr(0, colon);
  const bool has_star = text.find('*') != std::string_view::npos;
  const bool has_both = colon != std::string_view::npos && colon > 0 && colon + 1 < text.size();
  if (!has_both && !(has_star && colon == std::string_view::npos)) {
    return wrong(
        fmt::format("{} is not an instrument (allowed: VENUE:SYMBOL with * for any text, "
                    "like coinbase:BTC-USD or 'binance:*-USDT')",
                    quoted(text)));
  }
  if (venue.find('*') == std::string_view::npos) {
    if (const auto known = read_venue(venue, venues); !known) return wrong(known.error());
  }
  return std::string(text);
}

Value<std::vector<Duration>> normalise_intervals(std::vector<Duration> intervals) {
  std::sort(intervals.begin(), intervals.end());
  intervals.erase(std::unique(intervals.begin(), intervals.end()), intervals.end());
  if (intervals.size() > kIntervalsMax) {
    return wrong(fmt::format("{} different intervals are too many (allowed: at most {})",
                             intervals.size(), kIntervalsMax));
  }
  return intervals;
}

std::string not_one_of(std::string_view text, Words words) {
  const auto best = nearest(text, words);
  const std::string hint = best ? fmt::format("did you mean \"{}\"? ", *best) : std::string();
  return fmt::format("{} is not allowed ({}allowed: {})", quoted(text), hint,
                     fmt::join(words, ", "));
}

}  // namespace tapeline::app::values
