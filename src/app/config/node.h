// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::app::config {

// Where a value was written.
struct Origin {
  int line = 0;              // of the file, from 1
  std::string_view by = {};  // what said it instead: "--set", "--data-dir", "$TAPELINE_DATA"
};

// One value of a YAML document, with its line: all that checking needs, and repeated keys are kept.
struct TreeNode {
  enum class Kind : std::uint8_t { kNull, kText, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;
  Origin origin;
  std::string key;  // of an entry of a map
  Origin key_origin;
  std::vector<TreeNode> children;  // of a list or a map

  [[nodiscard]] TreeNode* find(std::string_view name) {
    for (TreeNode& child : children) {
      if (child.key == name) return &child;
    }
    return nullptr;
  }
};

}  // namespace tapeline::app::config
