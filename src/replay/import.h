// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "journal/writer.h"
#include "replay/options.h"
#include "replay/record_source.h"

namespace tapeline::replay {

struct ImportOptions {
  Options input;  // inputs, format, venue, instruments, time unit; the rest decides no record
  std::string data_dir;
  journal::WriterOptions writer;
};

struct ImportSummary {
  // That are in the journal for certain; after damage perhaps a few more are.
  std::uint64_t records = 0;
  Position first;                              // of what was appended
  std::optional<journal::TornTail> torn_tail;  // of an earlier crash, cut off
  std::optional<Error> damage;                 // an input broke off, or the journal took no more
  bool interrupted = false;
};

// Appends foreign inputs to the journal of a data folder as the records that a recorder would have
// written. What was appended before damage or an interruption stays; after an Error nothing was.
[[nodiscard]] Result<ImportSummary> import_journal(
    const ImportOptions& options, const Clock& clock,
    const std::function<void(const Progress&)>& on_progress, const std::atomic<bool>& stop);

}  // namespace tapeline::replay
