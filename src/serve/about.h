// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace tapeline::serve {

// What a server says of itself.
struct About {
  std::string version{};
  std::string commit{};
  bool simulated = false;
  bool demo = false;
  std::string epoch{};  // another one at each start
  RecvTime since{};
  std::vector<Duration> intervals{};  // of the bars, shortest first
};

}  // namespace tapeline::serve
