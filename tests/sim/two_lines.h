// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace tapeline::simulation {

// A venue without faults, and the lines that listen to it.
struct LinesPlan {
  std::string venue{};
  std::uint64_t seed = 1;
  unsigned lines = 2;
  Duration cut_every{};  // one of them, whichever the seed draws; zero: never
};

// What came of it, as a replay would print it, and with the tick at which it left.
struct LinesOutcome {
  std::string trades{};
  std::string bars{};  // every revision
  std::uint64_t rows = 0;
  std::uint64_t cuts = 0;
  std::string failure{};  // none: it ran to its end
};

LinesOutcome listen(const LinesPlan& plan);

}  // namespace tapeline::simulation
