// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/reader.h"

namespace tapeline::store {

// Our bars held against the venues' own candles, minute by minute: a function of what is stored.

inline constexpr Duration kReconciledDay = std::chrono::hours(24);

// Of one instrument on one day of UTC, by what came of each minute. What is no `equal` and no
// `different` could not be compared, and its name says why.
struct ReconciledDay {
  EventTime day;
  std::string instrument{};
  std::uint64_t equal = 0;
  std::uint64_t different = 0;   // our bar is complete or repaired
  std::uint64_t gap = 0;         // our bar lacks trades, and says so
  std::uint64_t unknown = 0;     // our bar says that nobody knows
  std::uint64_t no_bar = 0;      // only the venue has trades
  std::uint64_t no_candle = 0;   // only we have trades, though the venue answered about that time
  std::uint64_t unanswered = 0;  // the venue has not answered about that time
  std::uint64_t before = 0;      // we had no bar yet

  friend bool operator==(const ReconciledDay&, const ReconciledDay&) = default;
};

// A value in which a bar and the venue's candle differ; the values are exact decimals.
struct ReconciledDifference {
  EventTime start;  // of the minute
  std::string instrument{};
  std::string field{};  // as in the view candle_differences
  std::optional<std::string> ours{};
  std::optional<std::string> theirs{};
  std::string quality{};  // of our bar; empty: there is none

  // Whether nothing that we know excuses it: the bar claims to be right.
  [[nodiscard]] bool is_unexcused() const;

  friend bool operator==(const ReconciledDifference&, const ReconciledDifference&) = default;
};

struct Reconciliation {
  static constexpr std::size_t kDifferencesMax = 10'000;

  RecvTime made_at;                                 // the last time, of what was recorded
  std::vector<ReconciledDay> days{};                // by instrument and day
  std::vector<ReconciledDifference> differences{};  // unexcused ones first; at most so many
  std::uint64_t left_out = 0;                       // of the differences
};

// Of the minutes that begin within the times of `which`; nothing else of it counts.
[[nodiscard]] Result<Reconciliation> reconcile(Reader& reader, const Selection& which,
                                               const ShouldStop& should_stop);
// What the writer has recorded of these days, each as it was found last.
[[nodiscard]] Result<Reconciliation> recorded(Reader& reader, const Selection& which,
                                              const ShouldStop& should_stop);

}  // namespace tapeline::store
