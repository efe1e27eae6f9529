// SPDX-License-Identifier: Apache-2.0
#include "app/values/nearest.h"

#include <fmt/format.h>

#include "base/nearest.h"

namespace tapeline::app::values {

std::optional<std::string_view> nearest(std::string_view word, Words words) {
  const std::vector<std::string_view> close = tapeline::nearest(word, words, 1);
  if (close.empty()) return std::nullopt;
  return close.front();
}

std::string did_you_mean(std::string_view word, Words words) {
  const auto best = nearest(word, words);
  return best ? fmt::format(" (did you mean \"{}\"?)", *best) : std::string();
}

std::vector<std::string_view> views(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

}  // namespace tapeline::app::values
