// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "decode/csv_row.h"
#include "decode/csv_text.h"

namespace tapeline::decode {
namespace {

constexpr std::size_t kColumnsMax = 4096;
constexpr std::size_t kColumnsShown = 40;
constexpr std::size_t kNameBytesShown = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_required(CsvColumn column) {
  return column != CsvColumn::kVenue && column != CsvColumn::kTsRecv;
}

bool is_known(std::string_view name) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(CsvColumn::kEnd); ++c) {
    if (name == name_of(static_cast<CsvColumn>(c))) return true;
  }
  return false;
}

// How many bytes to insert, drop or change between the two.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// A column name for a message: what is not plain text shows as '?'.
std::string shown(std::string_view name) {
  std::string out(name.substr(0, kNameBytesShown));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c == '\x7f'; }, '?');
  return out;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kColumnsShown); ++i) {
    out += (i == 0 ? "" : ", ") + shown(names[i]);
  }
  if (names.size() > kColumnsShown)
    out += fmt::format(", and {} more", names.size() - kColumnsShown);
  return out;
}

// Without blanks and capitals.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != ' ') out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return out;
}

// The column that is perhaps meant: blanks around and capitals do not count, two slips do little.
std::string nearest(std::string_view wanted, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = wanted.size() / 3 + 1;
  for (const std::string& name : names) {
    if (name.size() > kNameBytesShown || is_known(name)) continue;
    const std::size_t distance = edit_distance(wanted, plain(name));
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

Result<std::vector<std::string>> split_header(std::string_view header) {
  std::vector<std::string> names;
  std::string scratch(header.size(), '\0');
  const char* from = header.data();
  const char* end = from + header.size();
  for (;; ++from) {
    char* to = scratch.data();
    from = copy_csv_field(from, end, to);
    if (from == nullptr) return fail(Fault::kCaller, "CSV header: its quotes do not match");
    names.emplace_back(scratch.data(), static_cast<std::size_t>(to - scratch.data()));
    if (names.size() > kColumnsMax) {
      return fail(Fault::kCaller, fmt::format("CSV header: more than {} columns", kColumnsMax));
    }
    if (from == end) return names;
  }
}

tl::unexpected<Error> missing(CsvColumn column, const std::vector<std::string>& names) {
  const std::string_view name = name_of(column);
  const std::string meant = nearest(name, names);
  return fail(Fault::kCaller,
              fmt::format("CSV header: there is no column \"{}\"{}; the columns are: {}", name,
                          meant.empty() ? "" : fmt::format(" (is \"{}\" it?)", shown(meant)),
                          list_of(names)));
}

}  // namespace

const char* name_of(CsvColumn column) {
  switch (column) {
    case CsvColumn::kSymbol:
      return "symbol";
    case CsvColumn::kTradeId:
      return "trade_id";
    case CsvColumn::kTsEvent:
      return "ts_event";
    case CsvColumn::kPrice:
      return "price";
    case CsvColumn::kSize:
      return "size";
    case CsvColumn::kSide:
      return "side";
    case CsvColumn::kVenue:
      return "venue";
    case CsvColumn::kTsRecv:
      return "ts_recv";
    case CsvColumn::kEnd:
      break;
  }
  return "";
}

Result<CsvLayout> parse_csv_header(std::string_view header, TimeUnit time_unit) {
  if (header.starts_with(kByteOrderMark)) header.remove_prefix(kByteOrderMark.size());
  const auto names = split_header(header);
  if (!names) return tl::make_unexpected(names.error());
  CsvLayout layout;
  layout.columns = static_cast<std::uint32_t>(names->size());
  layout.time_unit = time_unit;
  for (std::size_t c = 0; c < layout.index.size(); ++c) {
    const auto column = static_cast<CsvColumn>(c);
    const auto first = std::find(names->begin(), names->end(), name_of(column));
    if (first == names->end()) {
      if (is_required(column)) return missing(column, *names);
      continue;
    }
    layout.index[c] = static_cast<std::uint32_t>(first - names->begin());
    if (std::find(first + 1, names->end(), *first) != names->end()) {
      return fail(Fault::kCaller,
                  fmt::format("CSV header: the column \"{}\" is there twice; the columns are: {}",
                              *first, list_of(*names)));
    }
  }
  return layout;
}

bool is_like_csv_header(std::string_view line) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  const auto names = split_header(line);
  return names && std::count_if(names->begin(), names->end(),
                                [](const std::string& name) { return is_known(plain(name)); }) >= 2;
}

}  // namespace tapeline::decode
