// SPDX-License-Identifier: Apache-2.0
#include "venue/unlisted.h"

#include <cstddef>

#include "base/nearest.h"
#include "venue/field.h"

namespace tapeline::venue {

std::string advice_on_unlisted(std::string_view symbol, std::span<const std::string_view> listed) {
  constexpr std::size_t kNamesMax = 3;
  std::string names;
  for (const std::string_view name : nearest(symbol, listed, kNamesMax)) {
    if (!is_symbol(name)) continue;
    names += names.empty() ? "" : " or ";
    names += name;
  }
  return names.empty() ? "check its spelling" : "did you mean " + names + "?";
}

}  // namespace tapeline::venue
