// SPDX-License-Identifier: Apache-2.0
#include "metrics/clock_offset.h"

#include <algorithm>
#include <vector>

namespace tapeline::metrics {
namespace {

constexpr double kWindowNs = static_cast<double>(ClockOffset::kWindow.count());

}  // namespace

void ClockOffset::add(EventTime event, RecvTime received) {
  const std::int64_t index = received.unix_ns() / kWindow.count();
  const std::int64_t ns = received.unix_ns() - event.unix_ns();
  if (open_ && open_->index != index) close_window();
  if (!open_) {
    open_ = Window{index, ns};
  } else {
    open_->least_ns = std::min(open_->least_ns, ns);
  }
}

void ClockOffset::close_window() {
  const std::lock_guard lock(mutex_);
  closed_.push_back(*open_);
  if (closed_.size() > kDriftWindows) closed_.pop_front();
  open_.reset();
}

// The drift is the median of the slopes between all pairs of windows (Theil and Sen): a window in
// which nothing came quickly moves it little.
std::optional<ClockOffset::Reading> ClockOffset::reading() const {
  std::vector<Window> windows;
  {
    const std::lock_guard lock(mutex_);
    windows.assign(closed_.begin(), closed_.end());
  }
  if (windows.empty()) return std::nullopt;
  Reading reading{.offset = {}, .drift = {}, .windows = windows.size()};
  std::int64_t least_ns = windows.back().least_ns;
  const std::size_t newest = std::min(windows.size(), kOffsetWindows);
  for (std::size_t i = windows.size() - newest; i < windows.size(); ++i) {
    least_ns = std::min(least_ns, windows[i].least_ns);
  }
  reading.offset = Duration(least_ns);
  if (windows.size() < kDriftWindowsMin) return reading;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    for (std::size_t j = i + 1; j < windows.size(); ++j) {
      const auto apart = static_cast<double>(windows[j].index - windows[i].index);
      if (apart == 0) continue;  // our clock was set back
      slopes.push_back(static_cast<double>(windows[j].least_ns - windows[i].least_ns) /
                       (apart * kWindowNs));
    }
  }
  if (slopes.empty()) return reading;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::nth_element(slopes.begin(), middle, slopes.end());
  reading.drift = *middle;
  return reading;
}

}  // namespace tapeline::metrics
