// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "replay/options.h"

namespace tapeline::replay {

// How a replay went, for the summary on stderr and the exit status.
struct Summary {
  std::uint64_t frames = 0;           // records read, skipped lines left out
  std::uint64_t frames_rejected = 0;  // with at least one rejected item
  std::uint64_t received = 0;         // items; the six below add up to it
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t late = 0;
  std::uint64_t rejected = 0;
  std::uint64_t shed = 0;
  std::uint64_t control = 0;
  std::uint64_t rows_written = 0;
  std::vector<std::string> notes;  // sentences a person should read: first venue error, hints
  std::optional<Error> damage;     // an input broke off; everything before that was used
  bool over_rejects_limit = false;
  bool interrupted = false;
};

struct Progress {
  std::uint64_t bytes_done = 0;              // of the inputs as they are on disk
  std::optional<std::uint64_t> bytes_total;  // unknown for standard input
  std::uint64_t frames = 0;
};

// Reads the inputs, runs them through decode, ledger and engine, and writes what was asked for.
// `on_progress` is called about every batch; `stop` ends the reading early.
[[nodiscard]] Result<Summary> run(const Options& options,
                                  const std::function<void(const Progress&)>& on_progress,
                                  const std::atomic<bool>& stop);

// The venues that run() knows, in the order of its table.
std::vector<std::string> venue_names();

}  // namespace tapeline::replay
