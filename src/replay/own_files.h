// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace tapeline::replay {

// An Error for an output that would be written over a file of Tapeline's own: a segment, wherever
// it is, anything in a journal's folder, or what a data folder consists of. `data_dir` is one whose
// files count without its marker; it may be empty.
[[nodiscard]] Result<void> check_output(const std::string& path, const std::string& data_dir);

}  // namespace tapeline::replay
