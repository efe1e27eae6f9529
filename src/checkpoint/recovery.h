// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "checkpoint/snapshots.h"

namespace tapeline::checkpoint {

// What a start, or a proof, finds beside the snapshots.
struct Situation {
  std::string journal_folder{};  // for messages, as the next
  std::string store_name = "the store";
  JournalId journal{};
  std::uint64_t first_ordinal = 0;   // of the journal's first record
  std::uint64_t end_ordinal = 0;     // behind its last
  std::optional<Position> stored{};  // of the store; none: it is empty
  // The record of the store's first row; none: there is none.
  std::optional<std::uint64_t> first_stored{};
};

// Where the engine begins. Rows up to the store's position are there already: they are discarded.
struct Beginning {
  std::optional<std::size_t> snapshot{};   // which of those given; none: it begins empty
  std::uint64_t replay_from = 0;           // the first record that it reads
  std::vector<std::string> passed_over{};  // a sentence for each snapshot that was preferred
};

// For a start: the newest snapshot at or before the store's position from which the journal goes
// on, and whose engine has read all that the store was made of; else the journal's beginning, where
// it still is. An empty store is made of whatever the journal holds, but not beside snapshots of
// one that held more: they are all that leads to it. Anything else is an Error that says the way
// out. `snapshots`: the oldest first.
[[nodiscard]] Result<Beginning> begin_start(const Situation& situation,
                                            const std::vector<Snapshot>& snapshots);

// For a proof of what the store holds, not empty: what proves the most. The journal's beginning, or
// else the oldest such snapshot.
[[nodiscard]] Result<Beginning> begin_proof(const Situation& situation,
                                            const std::vector<Snapshot>& snapshots);

// Snapshots of this journal that are newer than the one where a start begins (0: it begins with the
// journal): the store has not come to them, or they are of no use. Kept, they would pass for the
// newest of those that are written from there on, and for what retention may go by.
[[nodiscard]] std::vector<std::string> paths_behind(std::uint64_t begins_behind,
                                                    const Situation& situation,
                                                    const std::vector<Snapshot>& snapshots);

// Whether a store may go on with a journal of that name and end; an Error says the way out. Of the
// Situation only these, the store's position and the names are looked at.
[[nodiscard]] Result<void> check_store(const Situation& situation);

// The Error of a start whose store was made of a journal that is gone.
[[nodiscard]] Error journal_is_missing(const Situation& situation);
// The Error of a start whose journal has another record where a row of the store is from.
[[nodiscard]] Error journal_differs(const Situation& situation, std::uint64_t ordinal);
// The Error of a start or a proof whose journal ends before the store does, at end_ordinal.
[[nodiscard]] Error store_is_ahead(const Situation& situation);

}  // namespace tapeline::checkpoint
