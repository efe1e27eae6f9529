// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "replay/replay.h"

namespace tapeline::app {

// `1.2 GiB of 3.4 GiB (35%), 412.0 MiB/s, 5 s left, 1,234,567 frames`; what is not known is left
// out. At most 78 columns for anything below an exbibyte.
std::string progress_text(const replay::Progress& progress, Duration elapsed);

// One line on a terminal, drawn over itself with no colours or cursor movements but carriage
// returns; so NO_COLOR has nothing to switch off. One thread.
class ProgressLine {
 public:
  static constexpr Duration kQuietStart = std::chrono::seconds(1);
  static constexpr Duration kRedraw = std::chrono::milliseconds(100);

  // Draws nothing when `terminal` is empty.
  ProgressLine(std::ostream* terminal, const Clock& clock)
      : terminal_(terminal), clock_(clock), start_ns_(clock.monotonic_ns()) {}

  void update(const replay::Progress& progress);
  // The same of any work: `text` is asked for what to draw, where it is time to.
  void show(const std::function<std::string(Duration elapsed)>& text);
  // Wipes the line, if there is one.
  void finish();

 private:
  void draw(std::string text);

  std::ostream* terminal_;
  const Clock& clock_;
  std::int64_t start_ns_;
  std::optional<std::int64_t> drawn_ns_;
  std::size_t width_ = 0;  // of what is on the screen
};

}  // namespace tapeline::app
