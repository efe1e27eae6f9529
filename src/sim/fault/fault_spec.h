// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "sim/market/random.h"

namespace tapeline::sim {

// What goes wrong, and how often: the budget of all faults. P is a chance, D a duration, T a time
// from when the faults came into force. Chances are per frame with data, and a frame has at most
// one of them; acknowledgements and errors are never touched, because a venue that does not even
// answer is the half-open one.
//
//   lose=P             the frame is not sent; what it showed is in the venue's history only
//   dup=P              the frame is sent twice
//   swap=P             the frame is sent behind the next one, or after a second when none comes
//   bad_frame=P        a broken form of the frame is sent in its place
//   delay=D:P          the frame is sent D later; those behind it overtake it
//   slow=D:P           from this frame on the connection sends nothing for D, then all of it in
//                      order
//   reorder=D          every frame that is sent is late by some time of its own, up to D
//   drop=D             a connection is cut, without a word, D after its opening on average, at most
//                      2D
//   drop@T             every connection that is open at T is cut
//   halfopen=D, @T     likewise, but it stays open and nothing comes any more, not even answers,
//                      until the client leaves or ten minutes have passed
//   silent_channel=D, @T  likewise one stream of the connection, the one that would have spoken
//                      next, says nothing any more until it is subscribed to anew
//   accept_then_close  for three seconds after T = 0, and after each connection's end, the venue
//                      lets in who connects and shows him the door at once
//   skew=+D, skew=-D   the venue's clock is ahead of ours, or behind
//   rest=P             a request to the REST interface is refused: one of the next two
//   rest_429=P         it is too many requests, and comes again after a second
//   rest_500=P         a server's error
//   rest_html=P        it is answered with a page for people
//   rate_limit         beyond four requests in a second it is too many of them
//   history=N          the REST interface shows of each instrument only the N newest trades
//   rest_lag=D         and none before it is D old
//   relist=D           every D the instrument list says otherwise of one instrument: trading,
//                      halted, or not there; the only one that is not in `storm`, since whoever
//                      starts then is told that there is no such instrument
struct FaultSpec {
  Chance lose{};
  Chance dup{};
  Chance swap{};
  Chance bad_frame{};
  Chance delay{};
  Duration delay_by{};
  Chance slow{};
  Duration slow_for{};
  Duration reorder_within{};  // zero: never, and of what follows too
  Duration drop_after{};
  Duration drop_at{};
  Duration half_open_after{};
  Duration half_open_at{};
  Duration silent_channel_after{};
  Duration silent_channel_at{};
  bool accept_then_close = false;
  Duration skew{};
  Chance rest{};
  Chance rest_429{};
  Chance rest_500{};
  Chance rest_html{};
  bool rate_limit = false;
  std::uint64_t history = 0;  // 0: all that is remembered
  Duration rest_lag{};        // zero: as new as the stream
  Duration relist_every{};    // zero: never

  friend bool operator==(const FaultSpec&, const FaultSpec&) = default;
};

inline constexpr std::string_view kFaultsMild =
    "lose=0.1%,dup=0.1%,swap=0.2%,bad_frame=0.05%,delay=300ms:0.2%,slow=500ms:0.02%,drop=20s,"
    "halfopen=60s,rest=5%";
inline constexpr std::string_view kFaultsStorm =
    "lose=2%,dup=2%,swap=5%,bad_frame=1%,delay=3s:1%,slow=1s:0.1%,reorder=50ms,drop=8s,drop@20s,"
    "halfopen=20s,halfopen@40s,silent_channel=10s,silent_channel@30s,accept_then_close,skew=+3s,"
    "rest=20%,rest_429=5%,rest_500=5%,rest_html=5%,rate_limit,history=400,rest_lag=3s";
inline constexpr std::uint64_t kFaultHistoryMax = 1'000'000'000;
// Of everything that lasts.
inline constexpr Duration kFaultDurationMax = std::chrono::hours(24);

// Reads such a list, separated by commas; `off`, `mild` and `storm` stand for lists too, and what
// follows one of them changes it: `mild,drop=5s`. Says which part is wrong, and what is allowed.
Result<FaultSpec> parse_faults(std::string_view text);

// The list that gives this spec; `off` when there is nothing in it.
std::string format_faults(const FaultSpec& spec);

}  // namespace tapeline::sim
