// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tapeline {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };

// A fact beside a message: `venue=coinbase`, `attempts=3`. A Secret cannot become one.
class LogField {
 public:
  // The key is a word of ours and outlives the call; the text may be anybody's.
  LogField(std::string_view key, std::string text) : key_(key), text_(std::move(text)) {}
  LogField(std::string_view key, std::string_view text) : key_(key), text_(text) {}
  LogField(std::string_view key, const char* text) : key_(key), text_(text) {}
  template <std::integral Number>
  requires(!std::same_as<Number, char>) LogField(std::string_view key, Number number)
      : key_(key), is_bare_(true) {
    if constexpr (std::is_same_v<Number, bool>) {
      text_ = number ? "true" : "false";
    } else {
      text_ = std::to_string(number);
    }
  }

  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  // A number or a truth value, which JSON writes without quotes.
  [[nodiscard]] bool is_bare() const { return is_bare_; }

 private:
  std::string_view key_;
  std::string text_;
  bool is_bare_ = false;
};

// Where an edge says what happens to it. It gets one as an argument; there is no global one. The
// message is always the same words and what varies goes into fields: repetitions are known by it.
// Any thread. A line that cannot be written is lost, and nobody hears of it.
class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  virtual ~Log() = default;

  virtual void write(LogLevel level, std::string_view message,
                     std::span<const LogField> fields) = 0;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kDebug, message, {fields.begin(), fields.size()});
  }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kInfo, message, {fields.begin(), fields.size()});
  }
  void warn(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kWarn, message, {fields.begin(), fields.size()});
  }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kError, message, {fields.begin(), fields.size()});
  }
};

}  // namespace tapeline
