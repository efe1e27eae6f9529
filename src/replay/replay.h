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
#include "replay/record_source.h"

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

// What the caller does while a replay runs; any may be missing.
struct Hooks {
  // About every batch.
  std::function<void(const Progress&)> on_progress;
  // Before each record, with the time it was received at, to let it wait. Before it does it calls
  // `before_waiting`, so that everything said until then is out.
  std::function<void(RecvTime ts_recv, const std::function<void()>& before_waiting)> pace;
};

// Whether the input is a data folder with a journal: said, or found out.
[[nodiscard]] bool is_journal(const Options& options);

// Reads the inputs, runs them through decode, ledger and engine, and writes what was asked for.
// `stop` ends the reading early.
[[nodiscard]] Result<Summary> run(const Options& options, const Hooks& hooks,
                                  const std::atomic<bool>& stop);
// The same of records that are given, whatever the options say of inputs.
[[nodiscard]] Result<Summary> run_records(const Options& options, RecordSource& records,
                                          const Hooks& hooks, const std::atomic<bool>& stop);

// The venues that run() knows, in the order of its table.
std::vector<std::string> venue_names();

}  // namespace tapeline::replay
