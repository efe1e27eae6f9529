// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/config/config.h"
#include "base/result.h"

namespace tapeline::app::live {

// With which windows the store of a data folder was made: the file DATA_DIR/windows, a line
// `key: value` for each key of `stream` that decides rows. Other windows would give other rows, and
// a store with both would be neither.

// Writes the file where the folder has none and the store is empty; refuses windows that differ
// from it and names them, and a store with rows whose windows nothing tells.
[[nodiscard]] Result<void> hold_windows(const std::string& data_dir, const config::Stream& stream,
                                        bool has_rows);

// The windows of the file in the place of those of `stream`; without a file, as they are.
[[nodiscard]] Result<config::Stream> windows_of(const std::string& data_dir,
                                                const config::Stream& stream);

}  // namespace tapeline::app::live
