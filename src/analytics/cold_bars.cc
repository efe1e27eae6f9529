// SPDX-License-Identifier: Apache-2.0
#include "analytics/cold_bars.h"

#include <cstdint>
#include <limits>

#include "base/check.h"

namespace tapeline::analytics {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;  // so that times before 1970 sort first
constexpr std::size_t kKeyBytes = 4 + 8 + 8;

// The greatest byte first, so that numbers sort as bytes do.
template <typename Number>
void append_sorted(std::string& key, Number number) {
  for (int shift = std::numeric_limits<Number>::digits - 8; shift >= 0; shift -= 8) {
    key += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
}

}  // namespace

std::string cold_key(InstrumentId instrument, Duration interval, EventTime start) {
  std::string key;
  key.reserve(kKeyBytes);
  append_sorted(key, instrument.value());
  append_sorted(key, static_cast<std::uint64_t>(interval.count()));
  append_sorted(key, static_cast<std::uint64_t>(start.unix_ns()) ^ kSign);
  return key;
}

EventTime start_of_cold_key(std::string_view key) {
  TAPELINE_CHECK(key.size() == kKeyBytes, "a key of a cold bar");
  std::uint64_t start = 0;
  for (const char c : key.substr(kKeyBytes - 8)) start = start << 8 | static_cast<unsigned char>(c);
  return EventTime(static_cast<std::int64_t>(start ^ kSign));
}

}  // namespace tapeline::analytics
