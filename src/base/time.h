// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapeline {

using Duration = std::chrono::nanoseconds;

// A point in UTC time as nanoseconds since 1970, leap seconds not counted. The tag says whose
// clock it is, so that a venue's time never lands where ours belongs.
template <typename Tag>
class TimePoint {
 public:
  constexpr TimePoint() = default;
  constexpr explicit TimePoint(std::int64_t unix_ns) : ns_(unix_ns) {}

  [[nodiscard]] constexpr std::int64_t unix_ns() const { return ns_; }

  friend constexpr TimePoint operator+(TimePoint t, Duration d) {
    return TimePoint(t.ns_ + d.count());
  }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) {
    return TimePoint(t.ns_ - d.count());
  }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) { return Duration(a.ns_ - b.ns_); }
  friend constexpr auto operator<=>(TimePoint, TimePoint) = default;

 private:
  std::int64_t ns_ = 0;
};

using EventTime = TimePoint<struct EventTimeTag>;    // the venue said so
using RecvTime = TimePoint<struct RecvTimeTag>;      // we saw it
using EngineTime = TimePoint<struct EngineTimeTag>;  // the last tick's

inline constexpr EventTime kEventTimeMin{INT64_MIN};
inline constexpr EventTime kEventTimeMax{INT64_MAX};

// What an integer that stands for a time counts.
enum class TimeUnit : std::uint8_t { kNone, kSeconds, kMillis, kMicros, kNanos };

// Reads an RFC 3339 time with 0 to 9 fraction digits and 'Z' or a numeric offset, as nanoseconds
// since 1970. Refuses what is malformed, more than nine fraction digits, and times outside the
// years 1678 to 2261, which 64 bits of nanoseconds do not hold.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

// Appends the time with nine fraction digits and 'Z'.
void append_rfc3339(std::string& out, std::int64_t unix_ns);
std::string format_rfc3339(std::int64_t unix_ns);

// Reads "500ms", "2s", "5m", "1h", "1d", "10us", "7ns": a whole number and a unit. Not negative.
std::optional<Duration> parse_duration(std::string_view text);
// The shortest such text: 60 s is "1m".
std::string format_duration(Duration duration);

}  // namespace tapeline
