// SPDX-License-Identifier: Apache-2.0
#include "app/config/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "app/values/text.h"

namespace tapeline::app::config {
namespace {

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

tl::expected<std::string, std::string> expand(
    std::string_view text, const std::function<std::string(const char*)>& variable) {
  constexpr std::string_view kOpen = "${";
  std::string out;
  for (;;) {
    const std::size_t open = text.find(kOpen);
    if (open == std::string_view::npos) return out.append(text);
    if (open > 0 && text[open - 1] == '$') {
      out.append(text.substr(0, open - 1)).append(kOpen);
      text.remove_prefix(open + kOpen.size());
      continue;
    }
    out.append(text.substr(0, open));
    text.remove_prefix(open + kOpen.size());
    const std::size_t close = text.find('}');
    const std::string name(text.substr(0, close));
    if (close == std::string_view::npos || !is_name(name)) {
      // It may stand in a secret, so what follows is not shown.
      return tl::make_unexpected(
          "\"${\" begins no ${NAME} of the environment ($${ stands for ${ itself)");
    }
    const std::string value = variable ? variable(name.c_str()) : std::string();
    if (value.empty()) {
      return tl::make_unexpected(
          fmt::format("${{{}}} is not set in the environment", values::printable(name)));
    }
    out += value;
    text.remove_prefix(close + 1);
  }
}

}  // namespace tapeline::app::config
