// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/config/node.h"

namespace tapeline::app::config {

// Writes KEY=VALUE of --set into the tree of the file; `feeds[0].symbols=BTC-USD,ETH-USD` is a
// list. Returns the mistake, or nothing. Where the file has the wrong shape the tree stays as it
// is: the check names that mistake.
std::string apply_set(TreeNode& root, std::string_view assignment);

// Writes data_dir likewise; `by`, a static text, says who wants it.
void apply_data_dir(TreeNode& root, std::string_view path, std::string_view by);

}  // namespace tapeline::app::config
