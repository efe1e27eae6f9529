// SPDX-License-Identifier: Apache-2.0
#include "decode/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace tapeline::decode {

Result<void> read_text_lines(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set) {
  while (!bytes.empty()) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || !set(line.substr(0, colon), line.substr(colon + 2))) {
      return fail(Fault::kTheirs, fmt::format("the {} record says \"{}\", which this version of "
                                              "tapeline does not know; a newer one wrote it",
                                              what, line));
    }
  }
  return {};
}

Result<std::string_view> read_text_head(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set) {
  const std::size_t end = bytes.find("\n\n");
  if (end == std::string_view::npos) {
    return fail(Fault::kTheirs, fmt::format("the {} record has no end of its lines", what));
  }
  if (auto done = read_text_lines(bytes.substr(0, end + 1), what, set); !done) {
    return tl::make_unexpected(done.error());
  }
  return bytes.substr(end + 2);
}

bool read_time(std::string_view text, EventTime& out) {
  std::int64_t unix_ns = 0;
  if (!read_number(text, unix_ns)) return false;
  out = EventTime(unix_ns);
  return true;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void append_answer(std::string& out, int status, std::string_view error, std::string_view body) {
  out += fmt::format("status: {}\n", status);
  if (!error.empty()) out += "error: " + one_line(std::string(error)) + '\n';
  out += '\n';
  out += body;
}

}  // namespace tapeline::decode
