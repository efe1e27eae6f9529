// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <sstream>
#include <string>
#include <vector>

#include "app/cli.h"
#include "base/clock.h"

namespace tapeline::app {

// What a command line gave, for tests.
struct CliOutcome {
  int status = 0;
  std::string out;
  std::string err;
};

// Runs it where no variable is set.
inline CliOutcome outcome_of(const std::vector<std::string>& args, const Clock& clock,
                             const std::atomic<bool>& stop) {
  std::ostringstream out;
  std::ostringstream err;
  const Environment env{.out = out,
                        .err = err,
                        .clock = clock,
                        .stop = stop,
                        .variable = [](const char*) { return std::string(); },
                        .venues = {"coinbase", "binance"}};
  const int status = run_cli(args, env);
  return {status, out.str(), err.str()};
}

}  // namespace tapeline::app
