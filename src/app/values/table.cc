// SPDX-License-Identifier: Apache-2.0
#include "app/values/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace tapeline::app::values {
namespace {

bool is_number(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    widths.push_back(table.header[c].size());
    right.push_back(!table.rows.empty());
    for (const auto& row : table.rows) {
      widths[c] = std::max(widths[c], row[c].size());
      right[c] = right[c] && is_number(row[c]);
    }
  }
  std::string out;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) line += "  ";
      line += right[c] ? fmt::format("{:>{}}", row[c], widths[c])
                       : fmt::format("{:<{}}", row[c], widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  add(table.header);
  for (const auto& row : table.rows) add(row);
  return out;
}

std::string csv_row(const std::vector<std::string>& fields) {
  return fmt::format("{}", fmt::join(fields, ","));
}

std::string csv(const Table& table) {
  std::string out = csv_row(table.header) + '\n';
  for (const auto& row : table.rows) out += csv_row(row) + '\n';
  return out;
}

}  // namespace tapeline::app::values
