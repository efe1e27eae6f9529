// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "checkpoint/cold_state.h"

namespace tapeline::checkpoint {

struct RocksFolders {
  std::string live;    // made anew at each restore()
  std::string copies;  // of the snapshots: "00000000000000004096.cold" beside each
};

// Cold state in RocksDB. A copy shares its files with the live store by hard links, so that it
// costs what has not been written yet. Removes the live folder when it goes: only copies outlive a
// run.
[[nodiscard]] std::unique_ptr<ColdState> make_rocks_cold_state(const RocksFolders& folders);

}  // namespace tapeline::checkpoint
