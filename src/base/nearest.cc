// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.h"

#include <algorithm>
#include <utility>

namespace tapeline {
namespace {

// Longer words are nobody's typing mistake, and the distance costs the product of the lengths.
constexpr std::size_t kWordSizeMax = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// One mistake in three letters is still the same word; "1m" and "5m" are not.
std::size_t distance_max(std::string_view word) {
  return word.size() < 3 ? 0 : std::max<std::size_t>(1, word.size() / 3);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string_view> nearest(std::string_view word,
                                      std::span<const std::string_view> words, std::size_t count) {
  if (word.size() > kWordSizeMax) return {};
  const std::size_t far = distance_max(word);
  std::vector<std::pair<std::size_t, std::string_view>> close;
  for (const std::string_view candidate : words) {
    const std::size_t longest = word.size() + far;  // the distance is no less than in length
    if (candidate.size() > longest || word.size() > candidate.size() + far) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= far) close.emplace_back(distance, candidate);
  }
  std::stable_sort(close.begin(), close.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> out;
  for (const auto& [distance, candidate] : close) {
    if (out.size() < count) out.push_back(candidate);
  }
  return out;
}

}  // namespace tapeline
