// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "canary.h"
#include "coverage.h"

namespace tapeline::simulation {

// What came of a seed.
struct Report {
  std::vector<std::string> failures{};  // none: everything held
  Coverage coverage{};
  std::uint32_t digest = 0;  // of everything that the run left behind
  std::string trace{};       // where it failed: the log, and the end of the journal

  [[nodiscard]] std::string text() const;
};

// The whole pipeline under one seed, and all checks. The same seed gives the same report.
Report simulate(std::uint64_t seed, Canary canary = Canary::kNone);

}  // namespace tapeline::simulation
