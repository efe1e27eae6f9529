// SPDX-License-Identifier: Apache-2.0
#include "app/repeat_limit.h"

namespace tapeline::app {

bool RepeatLimit::admits(LogLevel level, std::string_view message, std::int64_t now_ns) {
  std::pair key(level, std::string(message));
  auto found = windows_.find(key);
  if (found == windows_.end()) {
    if (windows_.size() == kMessagesMax) return true;
    found = windows_.emplace(std::move(key), Window{.start_ns = now_ns}).first;
  }
  return ++found->second.count <= kInWindowMax;
}

std::vector<RepeatLimit::Withheld> RepeatLimit::take_ended(std::int64_t now_ns) {
  std::vector<Withheld> out;
  for (auto at = windows_.begin(); at != windows_.end();) {
    const auto& [key, window] = *at;
    if (Duration(now_ns - window.start_ns) < kWindow) {
      ++at;
      continue;
    }
    if (window.count > kInWindowMax) {
      out.push_back({key.first, key.second, window.count - kInWindowMax});
    }
    at = windows_.erase(at);
  }
  return out;
}

}  // namespace tapeline::app
