// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "checkpoint/snapshot_format.h"
#include "journal/disk.h"

namespace tapeline::checkpoint {

// A snapshot as its name and its header show it.
struct Snapshot {
  std::string path;
  std::uint64_t ordinal = 0;      // of its position, as the name says it
  Result<SnapshotHeader> header;  // an Error, which names the path: it is damaged

  // Whether it may have been taken of this journal: of a damaged one nobody knows.
  [[nodiscard]] bool may_be_of(JournalId journal) const {
    return !header || header->tick.position.journal == journal;
  }
  // Whether its engine had read nothing: it only says where it begins.
  [[nodiscard]] bool is_empty() const { return header && header->state_bytes == 0; }
  // The first record that a start at it looks at: its own, by which the journal is known, and which
  // need not be there for an engine that has read nothing.
  [[nodiscard]] std::uint64_t needs_from() const { return is_empty() ? ordinal + 1 : ordinal; }
};

// "00000000000000004096.snapshot": the state behind the record with this ordinal.
std::string snapshot_name(std::uint64_t ordinal);

// The snapshots of a folder, the oldest first; none where there is no folder. What nobody may read,
// or a newer Tapeline wrote, is an Error. One that another thread removes meanwhile is left out.
[[nodiscard]] Result<std::vector<Snapshot>> list_snapshots(journal::Disk& disk,
                                                           const std::string& folder);

// The state of a snapshot whose header is fine. An Error, which names the path, when it is damaged.
[[nodiscard]] Result<std::string> read_state(journal::Disk& disk, const Snapshot& snapshot);

// Writes a snapshot, durable when it returns, of a state that comes in parts; the folder is made
// where there is none. Sets the header's state_bytes and state_crc. After an Error, as after a
// crash, the folder holds all that it held before.
[[nodiscard]] Result<void> write_snapshot(journal::Disk& disk, const std::string& folder,
                                          SnapshotHeader header,
                                          std::span<const std::string_view> state);

// Removes what a crash left under construction.
[[nodiscard]] Result<void> remove_unfinished(journal::Disk& disk, const std::string& folder);

// Removes all but the `keep` newest snapshots of a journal, whose newest is durable. Another
// journal's stay.
[[nodiscard]] Result<void> keep_newest(journal::Disk& disk, const std::string& folder,
                                       JournalId journal, std::size_t keep);

// From which record on the snapshots need their journal; none when there is no snapshot.
[[nodiscard]] std::optional<std::uint64_t> needed_from(const std::vector<Snapshot>& snapshots,
                                                       JournalId journal);

}  // namespace tapeline::checkpoint
