// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace tapeline {

// Keeps every line, as `connection lost venue=coinbase`: for tests and simulation.
class MemoryLog final : public Log {
 public:
  struct Line {
    LogLevel level{};
    std::string text;

    friend bool operator==(const Line&, const Line&) = default;
  };

  void write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
    std::string text(message);
    for (const LogField& field : fields) {
      text.append(" ").append(field.key()).append("=").append(field.text());
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back({level, std::move(text)});
  }

  [[nodiscard]] std::vector<Line> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Line> lines_;  // guarded by mutex_
};

}  // namespace tapeline
