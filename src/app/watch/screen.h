// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "app/watch/board.h"

namespace tapeline::app::watch {

struct ScreenOptions {
  std::string where{};      // the server's address
  std::size_t columns = 0;  // of the terminal
  std::size_t rows = 0;
  bool has_colour = false;
};

// The board as a table for a terminal: no line is wider, and no more of them than fit. Colour says
// the direction of a price, and that something is missing.
std::string table_of(const Board& board, const ScreenOptions& options);

// Draws one table over the other.
class Screen {
 public:
  // What to write to show the lines in the place of those before.
  std::string redraw(const std::string& table);

 private:
  std::size_t lines_ = 0;
};

// A change as a line: a price, or a final bar. Nothing for a bar that is still open.
std::string line_of(const Board& board, const WatchChange& change);

}  // namespace tapeline::app::watch
