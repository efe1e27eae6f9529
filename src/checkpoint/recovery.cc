// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/recovery.h"

#include <fmt/format.h>

#include <utility>

#include "journal/segments.h"

namespace tapeline::checkpoint {
namespace {

std::string make_anew(const Situation& situation) {
  return fmt::format("move {} away to have it made anew from the journal", situation.store_name);
}

// Whether a snapshot of this journal is further than the store.
bool is_ahead(const Situation& situation, const Snapshot& snapshot) {
  return snapshot.may_be_of(situation.journal) &&
         (!situation.stored || snapshot.ordinal > situation.stored->ordinal);
}

// Why a snapshot that the store has come to is of no use; nothing when it is.
std::optional<std::string> fault_of(const Situation& situation, const Snapshot& snapshot) {
  if (!snapshot.header) return snapshot.header.error().text;
  const JournalId journal = snapshot.header->tick.position.journal;
  if (journal != situation.journal) {
    return fmt::format("{}: is of journal {:016x}, which is not in {}; it may be removed",
                       snapshot.path, journal.value(), situation.journal_folder);
  }
  const std::uint64_t begins_at =
      snapshot.is_empty() ? snapshot.ordinal + 1 : snapshot.header->begins_at;
  if (situation.first_stored && *situation.first_stored < begins_at) {
    return fmt::format(
        "{}: its engine has read the records from {} on, and the store holds rows "
        "from record {} on: it is another store's",
        snapshot.path, begins_at, *situation.first_stored);
  }
  if (snapshot.needs_from() < situation.first_ordinal) {
    return fmt::format("{}: needs the records from {} on, but the journal in {} begins at {}",
                       snapshot.path, snapshot.needs_from(), situation.journal_folder,
                       situation.first_ordinal);
  }
  return std::nullopt;
}

// Takes the first that is of use, in the order given.
bool take_first(const Situation& situation, const std::vector<Snapshot>& snapshots,
                bool newest_first, Beginning& beginning) {
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const std::size_t index = newest_first ? snapshots.size() - 1 - i : i;
    const Snapshot& snapshot = snapshots[index];
    if (is_ahead(situation, snapshot)) continue;
    if (auto fault = fault_of(situation, snapshot)) {
      beginning.passed_over.push_back(std::move(*fault));
      continue;
    }
    beginning.snapshot = index;
    beginning.replay_from = snapshot.ordinal + 1;
    return true;
  }
  return false;
}

// What is left of the journal does not give what the store of that snapshot held.
Result<void> check_anew(const Situation& situation, const std::vector<Snapshot>& snapshots) {
  if (situation.stored || situation.first_ordinal == 0) return {};
  for (const Snapshot& snapshot : snapshots) {
    if (snapshot.is_empty() || !snapshot.may_be_of(situation.journal)) continue;
    return fail(Fault::kCaller,
                fmt::format("{0} is new, the journal in {1} begins at record {2}, and {3} leads to "
                            "a store that held more: bring that one back; or, to begin anew at "
                            "record {2}, move the snapshots away, best beside that store, since "
                            "neither is of use without the other",
                            situation.store_name, situation.journal_folder, situation.first_ordinal,
                            snapshot.path));
  }
  return {};
}

std::string faults_text(const Beginning& beginning) {
  std::string text;
  for (const std::string& fault : beginning.passed_over) text += " (" + fault + ")";
  return text;
}

}  // namespace

Error journal_is_missing(const Situation& situation) {
  return {Fault::kCaller, Retry::kNever,
          fmt::format(
              "the store was made of journal {:016x}, but {} holds none; bring the one that "
              "belongs to it, or move {} away to begin anew",
              situation.stored->journal.value(), situation.journal_folder, situation.store_name)};
}

Error journal_differs(const Situation& situation, std::uint64_t ordinal) {
  return {Fault::kTheirs, Retry::kNever,
          fmt::format("the store was made of another journal than the one in {}, though it has the "
                      "same name: the store has come to record {}, and another one stands there; "
                      "bring the journal back that it was made of, or {}",
                      situation.journal_folder, ordinal, make_anew(situation))};
}

Error store_is_ahead(const Situation& situation) {
  return {
      Fault::kTheirs, Retry::kNever,
      fmt::format("the store is ahead of its journal: it holds rows up to record {}, but the "
                  "journal in {} ends before record {}; bring back what it lacks, the end of its "
                  "last segment or those behind it, from {} on, or {}",
                  situation.stored->ordinal, situation.journal_folder, situation.end_ordinal,
                  journal::segment_name(situation.end_ordinal), make_anew(situation))};
}

Result<void> check_store(const Situation& situation) {
  if (!situation.stored) return {};
  if (situation.stored->journal != situation.journal) {
    return fail(Fault::kCaller,
                fmt::format("the store was made of journal {:016x}, but {} holds journal {:016x}; "
                            "bring the one that belongs to it, or {}",
                            situation.stored->journal.value(), situation.journal_folder,
                            situation.journal.value(), make_anew(situation)));
  }
  if (situation.stored->ordinal >= situation.end_ordinal) {
    return tl::make_unexpected(store_is_ahead(situation));
  }
  return {};
}

Result<Beginning> begin_start(const Situation& situation, const std::vector<Snapshot>& snapshots) {
  if (auto done = check_store(situation); !done) return tl::make_unexpected(done.error());
  if (auto done = check_anew(situation, snapshots); !done) {
    return tl::make_unexpected(done.error());
  }
  Beginning beginning;
  beginning.replay_from = situation.first_ordinal;
  if (!situation.stored) return beginning;
  if (take_first(situation, snapshots, true, beginning)) return beginning;
  if (situation.first_ordinal == 0) return beginning;
  return fail(Fault::kTheirs,
              fmt::format("the store holds rows up to record {}, but the journal in {} begins at "
                          "record {} and no snapshot leads there{}; bring a snapshot or the older "
                          "segments back, or {}, which begins later than the store does",
                          situation.stored->ordinal, situation.journal_folder,
                          situation.first_ordinal, faults_text(beginning), make_anew(situation)));
}

Result<Beginning> begin_proof(const Situation& situation, const std::vector<Snapshot>& snapshots) {
  if (auto done = check_store(situation); !done) return tl::make_unexpected(done.error());
  Beginning beginning;
  if (situation.first_ordinal == 0) return beginning;
  if (take_first(situation, snapshots, false, beginning)) return beginning;
  return fail(
      Fault::kTheirs,
      fmt::format("nothing can be proven: the journal in {} begins at record {}, and there "
                  "is no snapshot of the state before it{}; one is written by `tapeline "
                  "run`",
                  situation.journal_folder, situation.first_ordinal, faults_text(beginning)));
}

std::vector<std::string> paths_behind(std::uint64_t begins_behind, const Situation& situation,
                                      const std::vector<Snapshot>& snapshots) {
  std::vector<std::string> paths;
  for (const Snapshot& snapshot : snapshots) {
    const bool is_behind = begins_behind == 0 || snapshot.ordinal > begins_behind;
    if (is_behind && snapshot.may_be_of(situation.journal)) paths.push_back(snapshot.path);
  }
  return paths;
}

}  // namespace tapeline::checkpoint
