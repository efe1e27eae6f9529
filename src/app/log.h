// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace tapeline::app {

enum class LogFormat : std::uint8_t { kText, kJson };

// What people write for them.
inline constexpr std::array<std::pair<std::string_view, LogLevel>, 5> kLogLevels{
    {{"debug", LogLevel::kDebug},
     {"info", LogLevel::kInfo},
     {"warn", LogLevel::kWarn},
     {"error", LogLevel::kError},
     {"off", LogLevel::kOff}}};
inline constexpr std::array<std::pair<std::string_view, LogFormat>, 2> kLogFormats{
    {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}};

struct LogOptions {
  LogLevel level = LogLevel::kInfo;  // the least that is written
  LogFormat format = LogFormat::kText;
  bool has_colour = false;  // of the level, in text
};

// Of a message and of each field; the rest is cut off.
inline constexpr std::size_t kLogTextBytesMax = 4096;

// Writes a line each: `2021-04-17T16:43:37.123456789Z warn connection lost venue=coinbase`, or a
// JSON object with the keys time, level, message and those of the fields. Control characters are
// escaped. The same message goes through a RepeatLimit: how many of them were withheld is a line of
// its own, at the next line of any kind or at the end. `to` and the clock outlive the log.
std::unique_ptr<Log> make_log(std::ostream& to, const Clock& clock, const LogOptions& options);

}  // namespace tapeline::app
