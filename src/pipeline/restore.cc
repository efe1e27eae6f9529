// SPDX-License-Identifier: Apache-2.0
#include "pipeline/restore.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/byte_reader.h"
#include "checkpoint/snapshots.h"
#include "journal/reader.h"
#include "journal/segments.h"

namespace tapeline::pipeline {
namespace {

using checkpoint::Beginning;
using checkpoint::ColdState;
using checkpoint::Situation;
using checkpoint::Snapshot;
using Begin = Result<Beginning> (*)(const Situation&, const std::vector<Snapshot>&);

// An engine that has read nothing, beside the older state of that snapshot, or none.
Result<std::unique_ptr<Engine>> new_engine(EngineOptions options, ColdState* cold,
                                           const std::optional<Position>& snapshot) {
  if (cold != nullptr) {
    if (auto done = cold->restore(snapshot); !done) return tl::make_unexpected(done.error());
    options.cold.store = &cold->store();
  }
  return std::make_unique<Engine>(options);
}

Result<std::unique_ptr<Engine>> load_engine(journal::Disk& disk, const Snapshot& snapshot,
                                            const EngineOptions& options, ColdState* cold) {
  const auto state = checkpoint::read_state(disk, snapshot);
  if (!state) return tl::make_unexpected(state.error());
  if (state->empty()) return new_engine(options, cold, std::nullopt);  // it had read nothing
  auto made = new_engine(options, cold, snapshot.header->tick.position);
  if (!made) return made;
  auto engine = std::move(*made);
  ByteReader reader(*state);
  if (auto done = engine->load(reader); !done) {
    return tl::make_unexpected(done.error().within(snapshot.path));
  }
  return engine;
}

// The journal's record at a place that is not before its first; none: it ends before.
Result<std::optional<RecordMark>> record_at(journal::Disk& disk, const std::string& journal_folder,
                                            std::uint64_t ordinal) {
  auto reader = journal::Reader::open(disk, journal_folder, ordinal);
  if (!reader) return tl::make_unexpected(reader.error());
  journal::Record record;
  const auto more = (*reader)->next(record);
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return std::nullopt;
  return RecordMark{record.position, record.ts_recv};
}

// Behind the journal's last record, which is read from that ordinal on.
Result<std::uint64_t> end_of(journal::Disk& disk, const std::string& journal_folder,
                             std::uint64_t from) {
  auto reader = journal::Reader::open(disk, journal_folder, from);
  if (!reader) return tl::make_unexpected(reader.error());
  journal::Record record;
  for (;;) {
    const auto more = (*reader)->next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return (*reader)->next_ordinal();
  }
}

// An Error that says why the snapshot is of no use: it was taken of what the journal held before it
// lost its end, or it is damaged inside.
Result<std::unique_ptr<Engine>> take_engine(journal::Disk& disk, const Snapshot& snapshot,
                                            const Situation& situation,
                                            const EngineOptions& options, ColdState* cold) {
  if (!snapshot.is_empty()) {
    const auto its = record_at(disk, situation.journal_folder, snapshot.ordinal);
    if (!its) return tl::make_unexpected(its.error());
    if (*its != snapshot.header->tick) {
      return fail(Fault::kTheirs,
                  fmt::format("{}: was taken of another journal than the one in {}, though it has "
                              "the same name: record {} is another one there; it may be removed",
                              snapshot.path, situation.journal_folder, snapshot.ordinal));
    }
  }
  return load_engine(disk, snapshot, options, cold);
}

Result<Restored> restore(journal::Disk& disk, std::vector<Snapshot> snapshots,
                         const Situation& situation, const EngineOptions& options, ColdState* cold,
                         Begin begin) {
  for (;;) {
    auto beginning = begin(situation, snapshots);
    if (!beginning) return tl::make_unexpected(beginning.error());
    Restored restored{.engine = nullptr,
                      .replay_from = beginning->replay_from,
                      .begins_at = beginning->replay_from,
                      .passed_over = std::move(beginning->passed_over)};
    if (!beginning->snapshot) {
      auto engine = new_engine(options, cold, std::nullopt);
      if (!engine) return tl::make_unexpected(engine.error());
      restored.engine = std::move(*engine);
      return restored;
    }
    Snapshot& snapshot = snapshots[*beginning->snapshot];
    auto engine = take_engine(disk, snapshot, situation, options, cold);
    if (engine) {
      restored.engine = std::move(*engine);
      restored.begins_at = snapshot.header->begins_at;
      restored.snapshot = *snapshot.header;
      return restored;
    }
    snapshot.header = tl::make_unexpected(engine.error());  // and `begin` is asked again
  }
}

// Copies of older state go with their snapshots, and so does what a crash left of one.
Result<void> keep_copies(journal::Disk& disk, const std::string& snapshots_folder,
                         ColdState& cold) {
  const auto snapshots = checkpoint::list_snapshots(disk, snapshots_folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  std::vector<std::uint64_t> kept;
  for (const Snapshot& snapshot : *snapshots) kept.push_back(snapshot.ordinal);
  return cold.keep_only(kept);
}

// So that a later start knows how the store was made. The time is the first record's.
Result<void> note_later_beginning(journal::Disk& disk, const std::string& snapshots_folder,
                                  const Situation& situation) {
  auto reader = journal::Reader::open(disk, situation.journal_folder, situation.first_ordinal);
  if (!reader) return tl::make_unexpected(reader.error());
  journal::Record first;
  if (const auto more = (*reader)->next(first); !more) return tl::make_unexpected(more.error());
  return checkpoint::write_snapshot(disk, snapshots_folder,
                                    {.tick = {{situation.journal, situation.first_ordinal - 1}, {}},
                                     .engine_time = EngineTime(first.ts_recv.unix_ns()),
                                     .begins_at = situation.first_ordinal},
                                    {});
}

}  // namespace

Result<void> look_at_store(Situation& situation, store::Reader& store) {
  const auto stored = store.position();
  if (!stored) return tl::make_unexpected(stored.error());
  situation.stored = *stored;
  const auto first = store.first_row();
  if (!first) return tl::make_unexpected(first.error());
  situation.first_stored = *first;
  return {};
}

Result<void> check_same_journal(journal::Disk& disk, const Situation& situation,
                                store::Reader& store) {
  const auto last = store.last_record();
  if (!last) return tl::make_unexpected(last.error());
  if (!*last) return {};
  const auto segments = journal::find_segments(disk, situation.journal_folder);
  if (!segments) return tl::make_unexpected(segments.error());
  const journal::SegmentHeader& first = segments->front().header;
  Situation found = situation;
  found.stored = (*last)->position;
  found.journal = first.journal;
  found.end_ordinal = UINT64_MAX;  // nobody has read so far
  if (auto done = checkpoint::check_store(found); !done) return done;
  const std::uint64_t ordinal = found.stored->ordinal;
  if (first.first_ordinal > ordinal) return {};  // it is no longer there
  const auto its = record_at(disk, situation.journal_folder, ordinal);
  if (!its) return tl::make_unexpected(its.error());
  if (*its == **last) return {};
  if (*its) return tl::make_unexpected(checkpoint::journal_differs(situation, ordinal));
  const auto end = end_of(disk, situation.journal_folder, segments->back().header.first_ordinal);
  if (!end) return tl::make_unexpected(end.error());
  found.end_ordinal = *end;
  return tl::make_unexpected(checkpoint::store_is_ahead(found));
}

Result<Restored> restore_start(journal::Disk& disk, const std::string& snapshots_folder,
                               const Situation& situation, const EngineOptions& options,
                               ColdState* cold) {
  auto snapshots = checkpoint::list_snapshots(disk, snapshots_folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  auto restored = restore(disk, *snapshots, situation, options, cold, checkpoint::begin_start);
  if (!restored) return restored;
  if (auto done = checkpoint::remove_unfinished(disk, snapshots_folder); !done) {
    return tl::make_unexpected(done.error());
  }
  const std::uint64_t begins_behind =
      restored->snapshot ? restored->snapshot->tick.position.ordinal : 0;
  for (const std::string& path : checkpoint::paths_behind(begins_behind, situation, *snapshots)) {
    if (auto done = disk.remove(path); !done) return tl::make_unexpected(done.error());
  }
  if (cold != nullptr) {
    if (auto done = keep_copies(disk, snapshots_folder, *cold); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  if (!situation.stored && situation.first_ordinal > 0) {
    if (auto done = note_later_beginning(disk, snapshots_folder, situation); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  return restored;
}

Result<Restored> restore_proof(journal::Disk& disk, const std::string& snapshots_folder,
                               const Situation& situation, const EngineOptions& options,
                               ColdState* cold) {
  auto snapshots = checkpoint::list_snapshots(disk, snapshots_folder);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  return restore(disk, std::move(*snapshots), situation, options, cold, checkpoint::begin_proof);
}

}  // namespace tapeline::pipeline
