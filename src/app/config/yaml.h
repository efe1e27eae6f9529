// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

#include "app/config/node.h"
#include "base/result.h"

namespace tapeline::app::config {

inline constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kDepthMax = 16;

struct SyntaxMistake {
  int line = 0;  // 0 when the parser does not know
  std::string text;
};

// Reads at most kFileBytesMax bytes; more is refused, as is a file that cannot be read.
Result<std::string> read_file(const std::string& path);

// The one document of the text; an empty text is an empty map. Aliases are refused, and nesting
// beyond kDepthMax: so the tree is never larger than the text.
tl::expected<TreeNode, SyntaxMistake> parse_yaml(const std::string& text);

}  // namespace tapeline::app::config
