// SPDX-License-Identifier: Apache-2.0
#include "app/watch/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "app/values/text.h"

namespace tapeline::app::watch {
namespace {

constexpr std::string_view kRise = "\x1b[32m";
constexpr std::string_view kFall = "\x1b[31m";
constexpr std::string_view kMissing = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

double shown_value(std::string_view decimal) {
  double value = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return value;
}

std::string change_of(const WatchedInstrument& row) {
  const double from = shown_value(row.from);
  if (row.price.empty() || from == 0) return "";
  return fmt::format("{:+.2f}%", 100 * (shown_value(row.price) - from) / from);
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

std::string row_of(const std::string& name, const WatchedInstrument& row,
                   const ScreenOptions& options) {
  const std::string_view colour = row.direction > 0   ? kRise
                                  : row.direction < 0 ? kFall
                                                      : std::string_view();
  const std::string_view warning =
      row.quality == "gap" || row.missing > 0 ? kMissing : std::string_view();
  Line line(options.columns, options.has_colour);
  line.add(fmt::format("{:<18}", name));
  line.add(fmt::format("{:>13}", row.price), colour);
  line.add(fmt::format("{:>9}{:>9.1f}", change_of(row), row.trades_per_second));
  line.add(fmt::format("{:>13}{:>13}{:>15}", row.bar.high, row.bar.low, row.bar.volume));
  line.add(fmt::format("  {:<8}{:>8}", row.quality, values::grouped(row.missing)), warning);
  return line.text();
}

}  // namespace

std::string table_of(const Board& board, const ScreenOptions& options) {
  Line title(options.columns, false);
  title.add(fmt::format("{}  {}", board.is_simulated() ? "SIMULATED" : "LIVE", options.where));
  Line head(options.columns, false);
  head.add(fmt::format("{:<18}{:>13}{:>9}{:>9}{:>13}{:>13}{:>15}  {:<8}{:>8}", "INSTRUMENT",
                       "PRICE", "CHANGE", "TRADES/S", board.interval() + " HIGH",
                       board.interval() + " LOW", board.interval() + " VOLUME", "QUALITY",
                       "MISSING"));
  std::string table = title.text() + head.text();
  // The cursor stands below the last line.
  const std::size_t room = std::max<std::size_t>(options.rows, 4) - 3;
  std::size_t shown = 0;
  for (const auto& [name, row] : board.rows()) {
    const std::size_t left = board.rows().size() - shown;
    if (shown + 1 == room && left > 1) {
      Line more(options.columns, false);
      more.add(fmt::format("... and {} more; -i chooses", left));
      return table + more.text();
    }
    table += row_of(name, row, options);
    ++shown;
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
  const auto row = board.rows().find(change.instrument);
  if (row == board.rows().end()) return {};
  const WatchedBar& bar = change.bar;
  if (bar.start.empty()) {
    return fmt::format("{} {} {}\n", row->second.price_time, change.instrument, row->second.price);
  }
  if (bar.state != "final") return {};
  return fmt::format(
      "{} {} {} open {} high {} low {} close {} volume {} trades {} {} revision {}\n", bar.start,
      change.instrument, board.interval(), bar.open, bar.high, bar.low, bar.close, bar.volume,
      bar.trades, bar.quality, bar.revision);
}

}  // namespace tapeline::app::watch
