// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "journal_view.h"
#include "metrics/counters.h"
#include "pipeline/engine.h"
#include "run.h"
#include "sim/market/truth.h"
#include "store/memory_store.h"

namespace tapeline::simulation {

// An instrument of a venue, as its truth has it.
struct TrueInstrument {
  const VenueKind* kind = nullptr;
  std::uint32_t index = 0;  // among the venue's
  const sim::Instrument* row = nullptr;
  const sim::TradeHistory* history = nullptr;
  std::uint64_t shown_from = 0;  // the first id that the venue's REST history showed to the end
};

// What a run left behind, read once for all checks.
struct Outcome {
  explicit Outcome(Run& of) : run(of) {}

  Run& run;
  std::vector<HeldRecord> journal{};  // all of it
  std::uint64_t stored_ordinal = 0;   // the store's position
  // The journal up to there, run through a new engine in one go, and what came out.
  std::unique_ptr<pipeline::Engine> engine{};
  store::MemoryStore fresh{};
  std::map<std::string, TrueInstrument, std::less<>> instruments{};  // by name
  // By instrument, the ids of the trades that the journal's frames up to there show.
  std::map<std::string, std::set<std::uint64_t>, std::less<>> shown{};
  std::map<std::string, std::uint64_t> trades_shown{};  // by venue, repetitions too
  std::uint64_t broken_frames = 0;
};

// Everything that has to hold after a run; what does not is a failure of the run. Adds what was
// found to the run's coverage. Gives the digest of journal, store and log.
std::uint32_t check_outcome(Run& run);

// Its parts.
void check_conservation(Run& run, const metrics::Counters& counters);
void check_shown(Outcome& outcome);     // what the counters say of trades, against the frames
void check_taken(Outcome& outcome);     // what was taken from the sockets is in the journal
void check_rows(Outcome& outcome);      // the store is what the journal says
void check_identity(Outcome& outcome);  // each trade once
void check_truth(Outcome& outcome);     // nothing is claimed that did not happen

// Everything that a store holds, a line for each row.
std::string text_of_store(store::MemoryStore& store);

}  // namespace tapeline::simulation
