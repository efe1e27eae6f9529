// SPDX-License-Identifier: Apache-2.0
#include "replay/json_lines.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"
#include "base/json_text.h"

namespace tapeline::replay {
namespace {

constexpr std::array<std::string_view, 7> kCounts{"trades",     "revision", "position", "line",
                                                  "connection", "records",  "bytes"};

// Takes the next field off the row, its quotes undone; `scratch` holds it where there were some.
std::string_view take_field(std::string_view& row, std::string& scratch) {
  if (row.empty() || row.front() != '"') {
    const std::string_view field = row.substr(0, row.find(','));
    row.remove_prefix(std::min(field.size() + 1, row.size()));
    return field;
  }
  scratch.clear();
  row.remove_prefix(1);
  for (;;) {
    const std::size_t quote = row.find('"');
    TAPELINE_CHECK(quote != std::string_view::npos, "our own rows close their quotes");
    scratch += row.substr(0, quote);
    row.remove_prefix(quote + 1);
    if (row.empty() || row.front() != '"') break;
    scratch.push_back('"');
    row.remove_prefix(1);
  }
  row.remove_prefix(std::min<std::size_t>(1, row.size()));
  return scratch;
}

}  // namespace

JsonLines::JsonLines(std::string_view header) {
  std::string scratch;
  while (!header.empty()) {
    const std::string_view name = take_field(header, scratch);
    Column column;
    column.opening = columns_.empty() ? "{" : ",";
    append_json_text(column.opening, name);
    column.opening.push_back(':');
    column.is_count = std::find(kCounts.begin(), kCounts.end(), name) != kCounts.end();
    columns_.push_back(column);
  }
}

void JsonLines::append(std::string& out, std::string_view row) const {
  std::string scratch;
  for (const Column& column : columns_) {
    out += column.opening;
    const std::string_view field = take_field(row, scratch);
    if (field.empty()) {
      out += "null";
    } else if (column.is_count) {
      out += field;
    } else {
      append_json_text(out, field);
    }
  }
  out.push_back('}');
}

}  // namespace tapeline::replay
