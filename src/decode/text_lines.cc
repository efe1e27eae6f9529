// SPDX-License-Identifier: Apache-2.0
#include "decode/text_lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace tapeline::decode {

Result<void> read_text_lines(
    std::string_view bytes, std::string_view what,
    const std::function<bool(std::string_view key, std::string_view value)>& set) {
  while (!bytes.empty()) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || !set(line.substr(0, colon), line.substr(colon + 2))) {
      return fail(Fault::kTheirs, fmt::format("the {} record says \"{}\", which this version of "
                                              "tapeline does not know; a newer one wrote it",
                                              what, line));
    }
  }
  return {};
}

}  // namespace tapeline::decode
