// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace tapeline::feed {

enum class StreamState : std::uint8_t {
  kWaiting,      // for a connection
  kSubscribing,  // asked for, not granted yet
  kLive,
  kSilent,   // granted, but it does not bring what it should; asked for anew
  kRefused,  // for good: the venue says why
  kGivenUp,  // nobody wants it any more
};
const char* name_of(StreamState state);

// One channel of one symbol.
struct StreamStatus {
  std::string symbol{};   // as the configuration writes it
  std::string channel{};  // likewise
  StreamState state = StreamState::kWaiting;
  RecvTime since{};
  RecvTime last_frame{};  // 0: none yet
  std::uint64_t frames = 0;
  std::uint64_t resubscribed = 0;
  std::string last_error{};
};

enum class SessionState : std::uint8_t {
  kWaiting,  // for the next try
  kConnecting,
  kSubscribing,
  kLive,      // everything is granted, or refused for good
  kDiskFull,  // closed until the recorder has room
  kRefused,   // for good: no stream is left, or the venue does not let us in
  kStopped,
};
const char* name_of(SessionState state);
// Not connected, and about to be again.
constexpr bool is_trying(SessionState state) {
  return state == SessionState::kWaiting || state == SessionState::kConnecting ||
         state == SessionState::kSubscribing;
}

// One connection to a venue, over all its tries.
struct SessionStatus {
  std::string venue{};
  std::string endpoint{};  // without what might be secret
  unsigned line = 0;
  SessionState state = SessionState::kWaiting;
  RecvTime since{};       // it is in that state, or has been trying
  RecvTime last_frame{};  // 0: none yet
  std::uint64_t frames = 0;
  std::uint64_t reconnects = 0;
  bool was_live = false;  // at any time
  std::string last_error{};
  std::vector<StreamStatus> streams{};
};

// Its streams that the venue refuses for good, a few with why: "NOPE-USD trades: unknown symbol".
[[nodiscard]] std::string refusals_of(const SessionStatus& session);

// What a feed asks of its venue's history.
struct BackfillStatus {
  bool is_on = false;         // the configuration wants it, and the venue has a history
  std::size_t waiting = 0;    // holes that are still to be asked for
  std::size_t left_out = 0;   // of those: of streams with more holes than are looked at at once
  std::size_t given_up = 0;   // left until somebody asks for a repair
  std::uint64_t repairs = 0;  // the last of HoleBoard's that is done
  // Of all feeds of the venue together.
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;
  std::uint64_t failures = 0;
  std::uint64_t trades = 0;  // on the pages
  std::string last_error{};
};

// One feed of the configuration.
struct FeedStatus {
  std::string venue{};
  BackfillStatus backfill{};
  std::uint64_t instruments = 0;  // of the venue's list; 0: not known
  std::string last_error{};       // of fetching the list
  // What the list says of streams that it no longer has, or that are not traded: "XYZ-USD
  // vanished".
  std::vector<std::string> untraded{};
  std::vector<SessionStatus> sessions{};
};

}  // namespace tapeline::feed
