// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/market/truth.h"
#include "store/reader.h"

namespace tapeline::app::demo {

// What really happened at a venue.
struct TrueVenue {
  std::string name{};
  const sim::Truth* truth = nullptr;
  bool contiguous_ids = true;  // else nobody can know what did not come: uncounted_check.h
  bool has_ids = true;
  std::uint64_t history = 0;  // how many trades its history shows of an instrument; 0: all
};

struct TruthCheckOptions {
  std::vector<TrueVenue> venues{};
  std::vector<Duration> intervals{};
  Duration disorder{};        // of the pipeline: until then a bar may be open yet
  bool is_backfilled = true;  // what was lost was asked of the history until it was here
};

struct TruthReport {
  static constexpr std::size_t kNamedMax = 10;

  std::uint64_t bars = 0;  // by what is stored of their quality
  std::uint64_t complete = 0;
  std::uint64_t repaired = 0;
  std::uint64_t gap = 0;
  std::uint64_t unknown = 0;
  std::uint64_t forgotten = 0;      // of these: older than the simulator's memory, not compared
  std::uint64_t missing = 0;        // ids of the ledger's holes
  std::uint64_t unrecoverable = 0;  // of these: the venue's history no longer has them
  std::uint64_t past = 0;           // trades of before the start, which were asked for
  std::uint64_t backfilled = 0;     // trades out of the venue's history that had been missed
  std::uint64_t unseen = 0;         // of venues whose ids do not count: trades that did not come,
  std::uint64_t doubled = 0;        // and trades that came twice
  std::uint64_t differences = 0;
  std::vector<std::string> named{};  // the first of them, a line each

  void differ(std::string what);
};

// Holds what a run has stored of simulated venues against what they really did, and computes
// nothing with the code that stored it:
//   - every bar, whatever its quality, is what the trades that came make of it, in every column;
//   - one that says complete or repaired, in any revision, is what all trades make of it;
//   - its quality is what can be known from the ids that came;
//   - where trades came there is a bar once it had to close, and no bar where none came;
//   - the ledger names exactly the ids that are missing, and no trade is stored twice;
//   - with back-fill, none is missing that the venue's history still shows; unrecoverable are
//     only those that it does not.
// An Error says that something could not be read.
[[nodiscard]] Result<TruthReport> check_truth(store::Reader& reader,
                                              const TruthCheckOptions& options);

}  // namespace tapeline::app::demo
