// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/time.h"

namespace tapeline::app {

// Decides which repetitions of a message are written, so that a storm of one kind hides no other.
// One thread.
class RepeatLimit {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(1);
  static constexpr std::uint64_t kInWindowMax = 5;
  // Different messages in one window; what comes beyond them is written without a limit.
  static constexpr std::size_t kMessagesMax = 256;

  struct Withheld {
    LogLevel level{};
    std::string message;
    std::uint64_t count = 0;
  };

  // Whether this one is written. A message's window begins with its first one.
  bool admits(LogLevel level, std::string_view message, std::int64_t now_ns);

  // What was withheld in the windows that have ended by then; it is told once.
  std::vector<Withheld> take_ended(std::int64_t now_ns);

 private:
  struct Window {
    std::int64_t start_ns = 0;
    std::uint64_t count = 0;
  };

  std::map<std::pair<LogLevel, std::string>, Window> windows_;
};

}  // namespace tapeline::app
