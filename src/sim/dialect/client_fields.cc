// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/client_fields.h"

#include "venue/json.h"  // simdjson, as all of the project compiles it

namespace tapeline::sim {

std::optional<std::string> text_at(std::string_view json, std::string_view pointer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(json).get(root) != simdjson::SUCCESS ||
      root.at_pointer(pointer).get_string().get(text) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::vector<std::string>> texts_at(std::string_view json, std::string_view pointer) {
  std::vector<std::string> out;
  if (const auto text = text_at(json, pointer)) {
    for (std::size_t at = 0; at <= text->size();) {
      const std::size_t end = std::min(text->find(',', at), text->size());
      out.push_back(text->substr(at, end - at));
      at = end + 1;
    }
    return out;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array list;
  if (parser.parse(json).get(root) != simdjson::SUCCESS ||
      root.at_pointer(pointer).get_array().get(list) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  for (const simdjson::dom::element item : list) {
    std::string_view text;
    if (item.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    out.emplace_back(text);
  }
  return out;
}

}  // namespace tapeline::sim
