// SPDX-License-Identifier: Apache-2.0
#include "app/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "app/values/text.h"

namespace tapeline::app {
namespace {

using values::format_bytes;

std::string format_left(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", std::ceil(seconds));
  if (seconds < 5400) return fmt::format("{:.0f} min", std::ceil(seconds / 60));
  return seconds < 360'000 ? fmt::format("{:.1f} h", seconds / 3600) : "days";
}

}  // namespace

std::string progress_text(const replay::Progress& progress, Duration elapsed) {
  const auto done = static_cast<double>(progress.bytes_done);
  const double seconds = std::chrono::duration<double>(elapsed).count();
  const double rate = seconds > 0 ? done / seconds : 0;
  std::string text = format_bytes(done);
  // A file that grows while it is read is beyond its total.
  const bool has_total = progress.bytes_total && *progress.bytes_total >= progress.bytes_done &&
                         *progress.bytes_total > 0;
  const auto total = has_total ? static_cast<double>(*progress.bytes_total) : 0.0;
  if (has_total) {
    text += fmt::format(" of {} ({:.0f}%)", format_bytes(total), std::floor(100 * done / total));
  }
  if (rate > 0) text += fmt::format(", {}/s", format_bytes(rate));
  if (has_total && rate > 0) text += fmt::format(", {} left", format_left((total - done) / rate));
  if (progress.frames > 0) text += fmt::format(", {} frames", values::grouped(progress.frames));
  return text;
}

void ProgressLine::update(const replay::Progress& progress) {
  show([&](Duration elapsed) { return progress_text(progress, elapsed); });
}

void ProgressLine::show(const std::function<std::string(Duration elapsed)>& text) {
  if (terminal_ == nullptr) return;
  const std::int64_t now_ns = clock_.monotonic_ns();
  const Duration elapsed(now_ns - start_ns_);
  if (elapsed < kQuietStart) return;
  if (drawn_ns_ && Duration(now_ns - *drawn_ns_) < kRedraw) return;
  drawn_ns_ = now_ns;
  draw(text(elapsed));
}

void ProgressLine::draw(std::string text) {
  const std::size_t width = text.size();
  if (width < width_) text.append(width_ - width, ' ');
  width_ = width;
  *terminal_ << '\r' << text << std::flush;
}

void ProgressLine::finish() {
  if (terminal_ == nullptr || !drawn_ns_) return;
  *terminal_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
  drawn_ns_.reset();
  width_ = 0;
}

}  // namespace tapeline::app
