// SPDX-License-Identifier: Apache-2.0
#include "app/watch/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "app/values/text.h"

namespace tapeline::app::watch {
namespace {

constexpr std::string_view kRise = "\x1b[32m";
constexpr std::string_view kFall = "\x1b[31m";
constexpr std::string_view kMissing = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

constexpr std::size_t kNameWidth = 18;
constexpr std::size_t kPriceWidth = 12;
constexpr std::size_t kVolumeWidth = 14;

// With as many places as its kind has, so that the points stand in line.
std::string padded(const std::string& decimal, int places) {
  if (decimal.empty() || places == 0) return decimal;
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  const std::size_t missing = static_cast<std::size_t>(places) + point + 1;
  std::string text = point < decimal.size() ? decimal : decimal + '.';
  text.resize(std::max(text.size(), missing), '0');
  return text;
}

// The same with its thousands apart.
std::string grouped(const std::string& decimal, int places) {
  std::string text = padded(decimal, places);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  std::size_t at = std::min(text.find('.'), text.size());
  while (at > first + 3) text.insert(at -= 3, 1, ',');
  return text;
}

std::string change_of(const WatchedInstrument& row) {
  const bool is_rise = !row.change.empty() && row.change != "0.00" && row.change.front() != '-';
  return row.change.empty() ? "" : fmt::format("{}{}%", is_rise ? "+" : "", row.change);
}

// A line of parts, cut at the terminal's edge; colours take no room.
class Line {
 public:
  Line(std::size_t columns, bool has_colour) : left_(columns), has_colour_(has_colour) {}

  void add(std::string text, std::string_view colour = {}) {
    if (text.size() > left_) text.resize(left_);
    left_ -= text.size();
    const bool is_coloured = has_colour_ && !colour.empty() && !text.empty();
    if (is_coloured) text_ += colour;
    text_ += text;
    if (is_coloured) text_ += kPlain;
  }
  [[nodiscard]] std::string text() const { return text_ + '\n'; }

 private:
  std::size_t left_;
  bool has_colour_;
  std::string text_;
};

// What stands in a column, and how wide that is at least; a wider text makes it wider.
struct Column {
  std::string head;
  std::size_t width;
};
using Cells = std::array<std::string, 10>;

std::array<Column, 10> columns_of(const std::string& interval) {
  return {Column{"INSTRUMENT", kNameWidth},
          {"PRICE", kPriceWidth},
          {"CHANGE", 8},
          {"OVER", 5},
          {"TRADES/S", 9},
          {interval + " HIGH", kPriceWidth},
          {interval + " LOW", kPriceWidth},
          {interval + " VOLUME", kVolumeWidth},
          {"QUALITY", 9},
          {"MISSING", 7}};
}

Cells cells_of(const std::string& name, const WatchedInstrument& row) {
  return {name,
          grouped(row.price, row.price_decimals),
          change_of(row),
          row.over == "0m" ? "<1m" : row.over,
          fmt::format("{:.1f}", row.trades_per_second),
          grouped(row.bar.high, row.price_decimals),
          grouped(row.bar.low, row.price_decimals),
          grouped(row.bar.volume, row.size_decimals),
          row.quality,
          values::grouped(row.missing)};
}

// Names and words to the left, numerals to the right.
bool is_word(std::size_t column) { return column == 0 || column == 8; }

std::string line_of(const Cells& cells, const std::array<Column, 10>& columns,
                    const ScreenOptions& options, const WatchedInstrument* row) {
  constexpr std::size_t kPrice = 1;
  constexpr std::size_t kQuality = 8;
  Line line(options.columns, options.has_colour);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string_view colour;
    if (row != nullptr && i == kPrice && row->direction != 0) {
      colour = row->direction > 0 ? kRise : kFall;
    }
    const bool is_warning = row != nullptr && (row->quality == "gap" || row->missing > 0);
    if (i >= kQuality && is_warning) colour = kMissing;
    if (i > 0) line.add(i == kQuality ? "  " : " ");
    line.add(is_word(i) ? fmt::format("{:<{}}", cells[i], columns[i].width)
                        : fmt::format("{:>{}}", cells[i], columns[i].width),
             colour);
  }
  return line.text();
}

}  // namespace

std::string table_of(const Board& board, const ScreenOptions& options) {
  // The cursor stands below the last line.
  const std::size_t room = std::max<std::size_t>(options.rows, 4) - 3;
  const std::size_t all = board.rows().size();
  const std::size_t count = all > room ? room - 1 : all;
  auto columns = columns_of(board.interval());
  std::vector<std::pair<Cells, const WatchedInstrument*>> rows;
  Cells head;
  for (std::size_t i = 0; i < head.size(); ++i) head[i] = columns[i].head;
  rows.emplace_back(head, nullptr);
  for (const auto& [name, row] : board.rows()) {
    if (rows.size() > count) break;
    rows.emplace_back(cells_of(name, row), &row);
  }
  for (const auto& [cells, row] : rows) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      columns[i].width = std::max(columns[i].width, cells[i].size());
    }
  }
  Line title(options.columns, false);
  title.add(fmt::format("{}  {}", board.is_simulated() ? "SIMULATED" : "LIVE", options.where));
  std::string table = title.text();
  for (const auto& [cells, row] : rows) table += line_of(cells, columns, options, row);
  if (const std::string waits = board.what_it_waits_for(); !waits.empty()) {
    Line line(options.columns, false);
    line.add(waits);
    table += line.text();
  }
  if (count < all) {
    Line more(options.columns, false);
    more.add(fmt::format("... and {} more; -i chooses", all - count));
    table += more.text();
  }
  return table;
}

std::string Screen::redraw(const std::string& table) {
  std::string out = lines_ > 0 ? fmt::format("\x1b[{}A", lines_) : "";
  std::size_t lines = 0;
  for (const char c : table) {
    if (c == '\n') {
      out += "\x1b[K";
      ++lines;
    }
    out += c;
  }
  // What is left of a longer one before.
  if (lines < lines_) out += "\x1b[J";
  lines_ = lines;
  return out;
}

std::string line_of(const Board& board, const WatchChange& change) {
  const auto known = board.rows().find(change.instrument);
  if (known == board.rows().end()) return {};
  const WatchedInstrument& row = known->second;
  const WatchedBar& bar = change.bar;
  const auto price = [&](const std::string& text) {
    return fmt::format("{:>{}}", padded(text, row.price_decimals), kPriceWidth);
  };
  if (bar.start.empty()) {
    return fmt::format("{} {:<{}} {}\n", row.price_time, change.instrument, kNameWidth,
                       price(row.price));
  }
  if (bar.state != "final") return {};
  return fmt::format(
      "{} {:<{}} {} open {} high {} low {} close {} volume {:>{}} trades {:>5} {:<8} revision {}\n",
      bar.start, change.instrument, kNameWidth, board.interval(), price(bar.open), price(bar.high),
      price(bar.low), price(bar.close), padded(bar.volume, row.size_decimals), kVolumeWidth,
      bar.trades, bar.quality, bar.revision);
}

}  // namespace tapeline::app::watch
