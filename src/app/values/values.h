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
inline constexpr DurationRange kLatenessRange{Duration(0), std::chrono::days(36500)};
inline constexpr DurationRange kIdleTimeoutRange{std::chrono::milliseconds(1),
                                                 std::chrono::days(365)};
inline constexpr DurationRange kIntervalRange{std::chrono::milliseconds(1), std::chrono::days(7)};
inline constexpr std::size_t kIntervalsMax = 16;
inline constexpr unsigned kShardsMax = 64;
inline constexpr std::uint64_t kSegmentBytesMin = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{4} << 30;
inline constexpr double kSpeedMin = 0.001;
inline constexpr double kSpeedMax = 1e6;
inline constexpr std::size_t kBatchBytesMin = replay::LineReader::kBatchBytesMin;
inline constexpr std::size_t kBatchBytesMax = std::size_t{64} << 20;

// "1ms to 7d"
std::string format_range(DurationRange range);

Value<Duration> read_duration(std::string_view text, DurationRange range);

// RFC 3339, or nanoseconds since 1970.
Value<EventTime> read_time(std::string_view text,
                           replay::TimeFormat format = replay::TimeFormat::kRfc3339);

// "64KiB", "1MiB", "4096" (bytes).
std::optional<std::uint64_t> parse_size(std::string_view text);
Value<std::size_t> read_batch_bytes(std::string_view text);
Value<std::uint64_t> read_segment_bytes(std::string_view text);
// "128MiB": in the largest unit that leaves no rest.
std::string format_size(std::uint64_t bytes);

// 1 to 64, or "auto", which is empty.
Value<std::optional<unsigned>> read_shards(std::string_view text);

// The number itself; without one, as many as the machine has cores.
unsigned shards_or_cores(std::optional<unsigned> shards);

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
