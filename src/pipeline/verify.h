// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "checkpoint/cold_state.h"
#include "journal/disk.h"
#include "pipeline/engine.h"
#include "store/reader.h"

namespace tapeline::pipeline {

struct VerifyOptions {
  EngineOptions engine{};
  std::string snapshots_folder{};
  // Where the proof's own engine keeps older bars, restored from the snapshots' copies; none: in
  // memory.
  checkpoint::ColdState* cold = nullptr;
  std::vector<std::string> instruments{};  // patterns; empty: all
  std::optional<EventTime> from{};         // rows of that event time; ledgers are compared whole
  std::optional<EventTime> to{};
};

// One row that the store has otherwise than the journal says. Empty where a side lacks it.
struct Difference {
  std::string table;
  std::string stored;
  std::string replayed;
};

// What all rows of an instrument come to: equal digests mean equal rows in an equal order.
struct Digest {
  std::uint64_t rows = 0;
  std::uint32_t crc = 0;  // CRC-32C of the rows' texts

  friend bool operator==(const Digest&, const Digest&) = default;
};

struct VerifyReport {
  static constexpr std::size_t kDifferencesShown = 20;

  std::optional<Position> to;  // of the store: everything up to here was compared
  // From this record on: what came before cannot be proven. None: everything was.
  std::uint64_t first_ordinal = 0;
  std::optional<EngineTime> since;
  std::vector<std::string> passed_over;  // a sentence for each snapshot that would prove more
  std::uint64_t records = 0;
  std::uint64_t rows = 0;
  std::uint64_t differences = 0;
  std::vector<Difference> shown;          // the first of them
  std::map<std::string, Digest> digests;  // of what the journal says, by instrument
  bool is_stopped = false;

  [[nodiscard]] bool is_equal() const { return differences == 0 && !is_stopped; }
};

// Replays the journal up to the position that the store has committed, closes nothing, and compares
// every row: from the journal's beginning, or where that was removed, from the oldest snapshot that
// is left. Told how many records are done, and of how many; false stops it.
using OnRecords = std::function<bool(std::uint64_t done, std::uint64_t total)>;
[[nodiscard]] Result<VerifyReport> verify(journal::Disk& disk, const std::string& folder,
                                          store::Reader& store, const VerifyOptions& options,
                                          const OnRecords& on_records);

}  // namespace tapeline::pipeline
