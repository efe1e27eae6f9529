// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::reference {

enum class JsonKind : std::uint8_t { kNull, kTrue, kFalse, kNumber, kString, kArray, kObject };

// A JSON value as a tree. Slow and plain: what the fast parsers are compared with.
struct Json {
  JsonKind kind = JsonKind::kNull;
  std::string text;                // a number as it is written, a string without its escapes
  std::vector<Json> elements;      // of an array, or the fields' values of an object
  std::vector<std::string> names;  // of an object, as many as it has elements
  int depth = 0;                   // containers in containers below this one

  // The first field of that name, or null.
  [[nodiscard]] const Json* find(std::string_view name) const;
};

// Reads RFC 8259 to the letter, with two refusals of its own: surrogates without their other half,
// and more than kReferenceDepthMax containers in containers.
std::optional<Json> read_json(std::string_view text);

inline constexpr int kReferenceDepthMax = 100;

}  // namespace tapeline::reference
