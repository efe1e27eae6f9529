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
  std::uint64_t records = 0;  // that are durable
  // Written behind them, but not known to be durable, since the journal took no more; none: nobody
  // knows how many.
  std::optional<std::uint64_t> not_synced{0};
  Position first;                              // of what was appended
  std::optional<journal::TornTail> torn_tail;  // of an earlier crash, cut off
  std::optional<Error> damage;                 // an input broke off, or the journal took no more
  bool interrupted = false;
  // Asked where next to none of the first frames can be read as the venue's.
  std::optional<std::string> venue_question;
};

// Appends foreign inputs to the journal of a data folder as the records that a recorder would have
// written. What was appended before damage or an interruption stays; after an Error nothing was.
[[nodiscard]] Result<ImportSummary> import_journal(
    const ImportOptions& options, const Clock& clock,
    const std::function<void(const Progress&)>& on_progress, const std::atomic<bool>& stop);

}  // namespace tapeline::replay
