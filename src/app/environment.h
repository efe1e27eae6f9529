// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "replay/options.h"
#include "replay/replay.h"

namespace tapeline::app {

// Of the terminal that standard output is; no columns where it is none.
struct TerminalSize {
  std::size_t columns = 0;
  std::size_t rows = 0;
};

using ReplayRun = std::function<Result<replay::Summary>(
    const replay::Options&, const replay::Hooks&, const std::atomic<bool>&)>;

// The world as the commands see it: main fills it with the real one, tests with their own. All of
// it outlives the command.
struct Environment {
  std::ostream& out;  // data
  std::ostream& err;  // everything else
  bool err_is_terminal = false;
  const Clock& clock;
  const std::atomic<bool>& stop;  // a signal has come
  // What the environment says of a name; nothing where it is silent.
  std::function<std::string(const char*)> variable{};
  std::vector<std::string> venues{};
  ReplayRun replay{};
  // Lets the process sleep, for a paced replay.
  std::function<void(Duration)> sleep{};
  std::function<TerminalSize()> out_size{};  // none: no terminal
};

// The exit statuses that scripts rely on.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitWrongUse = 2;
inline constexpr int kExitFound = 3;
inline constexpr int kExitInterrupted = 130;

}  // namespace tapeline::app
