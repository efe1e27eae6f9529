// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/config/node.h"
#include "app/config/schema.h"

namespace tapeline::app::config {

struct Checked {
  Config config;
  // By path ("feeds[0].venue"), where the value was written; a path that is missing has its
  // default.
  std::map<std::string, Origin> origins;
  std::vector<std::string> mistakes;  // every one, at most kMistakesMax
};

inline constexpr std::size_t kMistakesMax = 100;

// Reads the tree against the schema. `file` is the name for messages. In a text of the file,
// ${NAME} stands for a variable of the environment; a mistake shows what was written there, not
// what the variable says.
Checked check_tree(const TreeNode& root, const std::string& file, const Surroundings& surroundings);

// "tapeline.yaml:7", "--set", "--data-dir" or "$TAPELINE_DATA".
std::string describe(Origin origin, const std::string& file);

}  // namespace tapeline::app::config
