// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::decode {

// Reads text lines `key: value` and gives each to `set`, which returns false for what it does not
// know. That is an Error, so that an older program never misreads what a newer one wrote; `what`
// names the record in it.
[[nodiscard]] Result<void> read_text_lines(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set);

// The same of what stands before an empty line; gives what follows it, a view into `bytes`.
[[nodiscard]] Result<std::string_view> read_text_head(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set);

// A whole number, and nothing else.
template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && at == text.data() + text.size();
}
bool read_time(std::string_view text, EventTime& out);

// A value must not end its line.
std::string one_line(std::string text);

// How a record of an answer ends: its status, what went wrong if anything, an empty line, the body.
void append_answer(std::string& out, int status, std::string_view error, std::string_view body);

}  // namespace tapeline::decode
