// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config/schema.h"
#include "app/values/values.h"

// The keys by group, and what their rows have in common. Everybody else asks the schema.
namespace tapeline::app::config {

std::span<const Key> feed_keys();
std::span<const Key> journal_keys();
std::span<const Key> stream_keys();
std::span<const Key> server_keys();

inline constexpr std::size_t kTextSizeMax = 4096;
inline constexpr std::size_t kItemsMax = 10'000;

// Puts a value in its place, or returns the mistake.
template <typename T, typename To>
std::string store(values::Value<T> value, To& to) {
  if (!value) return std::move(value.error());
  to = std::move(*value);
  return {};
}

std::string store_text(std::string_view text, std::string& to);

// $HOME, or nothing.
std::string home_of(Place place);

values::Value<std::optional<std::uint64_t>> read_size_unless(std::string_view word,
                                                             std::string_view text,
                                                             values::SizeRange range);

// Values as YAML.
std::string show_texts(const std::vector<std::string>& texts);
std::string show_text(const std::string& text);
std::string show_size(std::optional<std::uint64_t> bytes, std::string_view otherwise);
std::string show_secret(const Secret& secret);

template <typename T, std::size_t Size>
std::string show_word(T value, const std::array<std::pair<std::string_view, T>, Size>& table) {
  const auto* row = std::find_if(table.begin(), table.end(),
                                 [&](const auto& entry) { return entry.second == value; });
  return std::string(row->first);
}

}  // namespace tapeline::app::config
