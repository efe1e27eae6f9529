// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "app/values/nearest.h"
#include "base/time.h"
#include "replay/line_reader.h"
#include "replay/options.h"

// What people write on the command line and in the configuration, read the same way in both. A
// mistake is the rest of a sentence that begins with the option or the key:
// `"5x" is not a duration (allowed: 1ms to 7d, like 500ms, 2s or 5m)`.
namespace tapeline::app::values {

template <typename T>
using Value = tl::expected<T, std::string>;

struct DurationRange {
  Duration least{};
  Duration most{};
};

inline constexpr DurationRange kDisorderRange{Duration(0), std::chrono::days(7)};
inline constexpr DurationRange kRunRange{std::chrono::milliseconds(1), std::chrono::days(36500)};
inline constexpr DurationRange kQueryTimeoutRange{std::chrono::milliseconds(1),
                                                  std::chrono::hours(1)};
inline constexpr DurationRange kLatenessRange{Duration(0), std::chrono::days(36500)};
inline constexpr DurationRange kIdleTimeoutRange{std::chrono::milliseconds(1),
                                                 std::chrono::days(365)};
inline constexpr DurationRange kIntervalRange{std::chrono::milliseconds(1), std::chrono::days(7)};
inline constexpr DurationRange kListEveryRange{std::chrono::minutes(10), std::chrono::days(30)};
inline constexpr DurationRange kCandlesEveryRange{std::chrono::minutes(10), std::chrono::days(30)};
inline constexpr DurationRange kHistoryRange{std::chrono::minutes(1), std::chrono::days(30)};
inline constexpr DurationRange kRetainAgeRange{std::chrono::minutes(1), std::chrono::days(36500)};
inline constexpr DurationRange kCheckpointEveryRange{std::chrono::milliseconds(100),
                                                     std::chrono::hours(1)};
inline constexpr std::size_t kIntervalsMax = 16;
inline constexpr unsigned kShardsMax = 64;
inline constexpr unsigned kCheckpointsKeptMax = 100;
inline constexpr double kSpeedMin = 0.001;
inline constexpr double kSpeedMax = 1e6;
inline constexpr std::size_t kBatchBytesMin = replay::LineReader::kBatchBytesMin;
inline constexpr std::size_t kBatchBytesMax = std::size_t{64} << 20;

struct SizeRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

inline constexpr SizeRange kSegmentBytesRange{std::uint64_t{1} << 20, std::uint64_t{4} << 30};
inline constexpr SizeRange kRetainBytesRange{std::uint64_t{1} << 20, std::uint64_t{1} << 50};
inline constexpr SizeRange kReserveBytesRange{0, std::uint64_t{1} << 50};

// "1ms to 7d", "1MiB to 4GiB"
std::string format_range(DurationRange range);
std::string format_range(SizeRange range);

Value<Duration> read_duration(std::string_view text, DurationRange range);

// RFC 3339, or nanoseconds since 1970.
Value<EventTime> read_time(std::string_view text,
                           replay::TimeFormat format = replay::TimeFormat::kRfc3339);

// "64KiB", "1MiB", "4096" (bytes).
std::optional<std::uint64_t> parse_size(std::string_view text);
Value<std::size_t> read_batch_bytes(std::string_view text);
Value<std::uint64_t> read_size(std::string_view text, SizeRange range);
// "128MiB": in the largest unit that leaves no rest.
std::string format_size(std::uint64_t bytes);

// 1 to 64, or "auto", which is empty.
Value<std::optional<unsigned>> read_shards(std::string_view text);

// The number itself; without one, as many as the machine has cores.
unsigned shards_or_cores(std::optional<unsigned> shards);

// The reserve itself; without one, 1 GiB or a twentieth of the disk, whichever is less.
std::uint64_t reserve_or_share(std::optional<std::uint64_t> reserve, std::uint64_t disk_bytes);

// How many, from 1.
Value<unsigned> read_number(std::string_view text, unsigned most);

// "true" or "false".
Value<bool> read_bool(std::string_view text);

// "1%", "0.5%" or a number of frames.
Value<replay::RejectsLimit> read_rejects_limit(std::string_view text);

// "max", which is empty, or a factor.
Value<std::optional<double>> read_speed(std::string_view text);

Value<std::uint64_t> read_count(std::string_view text);

Value<std::string> read_venue(std::string_view text, const std::vector<std::string>& venues);

// VENUE:SYMBOL, where * stands for any text.
Value<std::string> read_instrument(std::string_view text, const std::vector<std::string>& venues);

// Sorts them and removes repeated ones; says so when there are too many.
Value<std::vector<Duration>> normalise_intervals(std::vector<Duration> intervals);

std::string not_one_of(std::string_view text, Words words);

// What `read` gives, or nothing for the one word that stands for that: `off`.
template <typename Read>
auto read_unless(std::string_view word, std::string_view text, Read read)
    -> Value<std::optional<typename decltype(read(text))::value_type>> {
  if (text == word) return std::nullopt;
  auto value = read(text);
  if (value) return *value;
  std::string mistake = std::move(value.error());  // `... (allowed: 1m to 7d)`
  mistake.insert(mistake.rfind(')'), ", or " + std::string(word));
  return tl::make_unexpected(std::move(mistake));
}

// One of the words of a table, as what it stands for.
template <typename T, std::size_t Size>
Value<T> read_word(std::string_view text,
                   const std::array<std::pair<std::string_view, T>, Size>& table) {
  std::array<std::string_view, Size> words{};
  for (std::size_t i = 0; i < Size; ++i) {
    if (table[i].first == text) return table[i].second;
    words[i] = table[i].first;
  }
  return tl::make_unexpected(not_one_of(text, words));
}

}  // namespace tapeline::app::values
