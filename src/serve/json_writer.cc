// SPDX-License-Identifier: Apache-2.0
#include "serve/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "base/decimal.h"
#include "base/json_text.h"

namespace tapeline::serve {

void JsonWriter::begin_value() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void JsonWriter::open(char bracket) {
  begin_value();
  out_.push_back(bracket);
  needs_comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  begin_value();
  append_json_text(out_, name);
  out_.push_back(':');
  needs_comma_ = false;
}

void JsonWriter::text(std::string_view value) {
  begin_value();
  append_json_text(out_, value);
}

void JsonWriter::number(std::uint64_t value) {
  begin_value();
  fmt::format_to(std::back_inserter(out_), "{}", value);
}

void JsonWriter::boolean(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
}

void JsonWriter::null() {
  begin_value();
  out_ += "null";
}

void JsonWriter::milliseconds(Duration value) {
  begin_value();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(value).count();
  append_scaled(out_, micros, 3);
}

void JsonWriter::time(std::int64_t unix_ns) {
  begin_value();
  out_.push_back('"');
  append_rfc3339(out_, unix_ns);
  out_.push_back('"');
}

void JsonWriter::decimal(Int128 value, int scale) {
  begin_value();
  out_.push_back('"');
  append_scaled(out_, value, scale);
  out_.push_back('"');
}

void JsonWriter::id(std::uint64_t value) {
  begin_value();
  fmt::format_to(std::back_inserter(out_), "\"{}\"", value);
}

void JsonWriter::raw(std::string_view json) {
  begin_value();
  out_ += json;
}

void JsonWriter::text_or_null(std::string_view name, std::string_view value) {
  key(name);
  value.empty() ? null() : text(value);
}

void JsonWriter::time_or_null(std::string_view name, RecvTime value) {
  key(name);
  value == RecvTime() ? null() : time(value.unix_ns());
}

void JsonWriter::decimal_or_null(std::string_view name, std::optional<Int128> value, int scale) {
  key(name);
  value ? decimal(*value, scale) : null();
}

}  // namespace tapeline::serve
