// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "checkpoint/cold_state.h"
#include "checkpoint/recovery.h"
#include "checkpoint/snapshot_format.h"
#include "journal/disk.h"
#include "pipeline/engine.h"
#include "store/reader.h"

namespace tapeline::pipeline {

// An engine that goes on at a record: made of a snapshot, or empty. A snapshot that turns out to be
// damaged, or was saved with other options, is passed over for the next one.
struct Restored {
  std::unique_ptr<Engine> engine;
  std::uint64_t replay_from = 0;
  std::uint64_t begins_at = 0;  // the first record that the engine ever read, or will
  std::optional<checkpoint::SnapshotHeader> snapshot{};  // none: the engine begins empty
  std::vector<std::string> passed_over{};  // a sentence for each snapshot that was preferred
};

// Which store it is that the situation speaks of, and where its rows begin.
[[nodiscard]] Result<void> look_at_store(checkpoint::Situation& situation, store::Reader& store);

// Whether the journal is the one that the store was made of, which its name alone does not tell:
// one that lost its end and went on has other records under the same ordinals. Of the Situation the
// folder and the name of the store are looked at; changes nothing.
[[nodiscard]] Result<void> check_same_journal(journal::Disk& disk,
                                              const checkpoint::Situation& situation,
                                              store::Reader& store);

// For a start, by checkpoint::begin_start: also removes what a crash left under construction, and
// the snapshots of the journal that are newer than where it begins. Where an empty store is
// made of a journal that begins later, that is noted as a snapshot of an engine that has read
// nothing. `cold`, where the engine's older state stands, is restored with it and outlives it.
[[nodiscard]] Result<Restored> restore_start(journal::Disk& disk,
                                             const std::string& snapshots_folder,
                                             const checkpoint::Situation& situation,
                                             const EngineOptions& options,
                                             checkpoint::ColdState* cold = nullptr);

// For a proof, by checkpoint::begin_proof: changes nothing on disk.
[[nodiscard]] Result<Restored> restore_proof(journal::Disk& disk,
                                             const std::string& snapshots_folder,
                                             const checkpoint::Situation& situation,
                                             const EngineOptions& options,
                                             checkpoint::ColdState* cold = nullptr);

}  // namespace tapeline::pipeline
