// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/ids.h"
#include "store/rows.h"

namespace tapeline::pipeline {

// So many rows, and the trades among them mostly are more than a row group of DuckDB's (122,880):
// then they go compressed into its file at once, and not through its log first.
inline constexpr std::size_t kLargeBatchRows = 147'456;

// What goes from the engine to the store at once: the rows of all records behind the batch before
// it up to `position`, that of a tick.
struct Batch {
  Position position;
  store::Batch rows;
  std::size_t count = 0;  // of the rows
  // The names of the instruments that no batch of this engine has spoken of before, in the order
  // of their numbers: names grow on the engine's thread, and are read on the sink's.
  std::vector<std::string> new_names;

  // Keeps the memory.
  void clear() {
    rows.clear();
    count = 0;
    new_names.clear();
  }
};

}  // namespace tapeline::pipeline
