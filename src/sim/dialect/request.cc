// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/request.h"

#include <algorithm>
#include <charconv>

namespace tapeline::sim {

Target::Target(std::string_view text) {
  const std::size_t mark = std::min(text.find('?'), text.size());
  path_ = text.substr(0, mark);
  std::string_view rest = text.substr(std::min(mark + 1, text.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    parameters_.emplace_back(part.substr(0, equals),
                             part.substr(std::min(equals + 1, part.size())));
  }
}

std::optional<std::string_view> Target::find(std::string_view name) const {
  for (const auto& [key, value] : parameters_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Target::unknown(
    std::initializer_list<std::string_view> names) const {
  for (const auto& [key, value] : parameters_) {
    if (std::find(names.begin(), names.end(), key) == names.end()) return key;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_id(std::string_view text) {
  std::uint64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, id);
  if (text.empty() || error != std::errc() || at != end) return std::nullopt;
  return id;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      decoded.push_back(static_cast<char>(value));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

}  // namespace tapeline::sim
