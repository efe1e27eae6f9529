// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/int128.h"
#include "base/time.h"

namespace tapeline::serve {

// Writes one JSON value, piece by piece, behind what a text holds. It sets the commas; the brackets
// are the caller's to close. The text outlives it.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }
  void key(std::string_view name);

  void text(std::string_view value);
  void number(std::uint64_t value);
  void boolean(bool value);
  void null();
  // With so many decimals as it needs, at most three.
  void milliseconds(Duration value);
  // RFC 3339 with nine digits.
  void time(std::int64_t unix_ns);
  // An exact decimal text of what stands at 10^-scale.
  void decimal(Int128 value, int scale);
  // A number as text: ids.
  void id(std::uint64_t value);
  // JSON that stands as it is.
  void raw(std::string_view json);

  void text(std::string_view name, std::string_view value) { key(name), text(value); }
  void number(std::string_view name, std::uint64_t value) { key(name), number(value); }
  void boolean(std::string_view name, bool value) { key(name), boolean(value); }
  void time(std::string_view name, std::int64_t unix_ns) { key(name), time(unix_ns); }
  void id(std::string_view name, std::uint64_t value) { key(name), id(value); }
  // What is not known is null: no text, no time.
  void text_or_null(std::string_view name, std::string_view value);
  void time_or_null(std::string_view name, RecvTime value);
  void decimal_or_null(std::string_view name, std::optional<Int128> value, int scale);

 private:
  void open(char bracket);
  void close(char bracket);
  void begin_value();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace tapeline::serve
