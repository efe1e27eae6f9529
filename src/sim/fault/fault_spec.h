// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "sim/market/random.h"

namespace tapeline::sim {

// What goes wrong, and how often: the budget of all faults. Chances are per frame with data, and a
// frame has at most one of them; acknowledgements and errors are never touched, because a venue
// that does not even answer is the half-open one.
//
//   lose=P         the frame is not sent; what it showed is in the venue's history only
//   repeat=P       the frame is sent twice
//   reorder=P      the frame is sent behind the next one, or after a second when none comes
//   malformed=P    a broken form of the frame is sent in its place
//   delay=D:P      the frame is sent D later; those behind it overtake it
//   slow=D:P       from this frame on the connection sends nothing for D, then all of it in order
//   drop=D         a connection is cut, without a word, D after its opening on average, at most 2D
//   half_open=D    likewise, but it stays open and nothing comes any more, not even answers, until
//                  the client leaves or ten minutes have passed
//   rest=P         a request to the REST interface is refused: too many requests, or a server's
//                  error
//   rate_limit=P   it is too many requests, and comes again after a second
//   rest_500=P     a server's error
//   rest_html=P    it is answered with a page for people
//   history=N      the REST interface shows of each instrument only the N newest trades
//   rest_lag=D     and none before it is D old
struct FaultSpec {
  Chance lose{};
  Chance repeat{};
  Chance reorder{};
  Chance malformed{};
  Chance delay{};
  Duration delay_by{};
  Chance slow{};
  Duration slow_for{};
  Duration drop_after{};       // zero: never
  Duration half_open_after{};  // likewise
  Chance rest{};
  Chance rate_limit{};
  Chance rest_500{};
  Chance rest_html{};
  std::uint64_t history = 0;  // 0: all that is remembered
  Duration rest_lag{};        // zero: as new as the stream

  friend bool operator==(const FaultSpec&, const FaultSpec&) = default;
};

inline constexpr std::string_view kFaultsMild =
    "lose=0.001,repeat=0.001,reorder=0.002,malformed=0.0005,delay=300ms:0.002,slow=500ms:0.0002,"
    "drop=20s,half_open=60s,rest=0.05";
inline constexpr std::string_view kFaultsStorm =
    "lose=0.02,repeat=0.02,reorder=0.05,malformed=0.01,delay=3s:0.01,slow=1s:0.001,drop=5s,"
    "half_open=15s,rest=0.3,rest_html=0.05,history=400,rest_lag=3s";
inline constexpr std::uint64_t kFaultHistoryMax = 1'000'000'000;
// Of delay, slow, drop, half_open and rest_lag.
inline constexpr Duration kFaultDurationMax = std::chrono::hours(24);

// Reads such a list, separated by commas; `off`, `mild` and `storm` stand for lists too, and what
// follows one of them changes it: `mild,drop=5s`. Says which part is wrong, and what is allowed.
Result<FaultSpec> parse_faults(std::string_view text);

// The list that gives this spec; `off` when there is nothing in it.
std::string format_faults(const FaultSpec& spec);

}  // namespace tapeline::sim
