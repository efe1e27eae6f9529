// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/secret.h"
#include "base/time.h"
#include "net/backoff.h"
#include "net/http.h"

namespace tapeline::feed {

// A symbol with '*' stands for all that match.
inline bool is_pattern(std::string_view symbol) {
  return symbol.find('*') != std::string_view::npos;
}

// One feed of the configuration.
struct FeedOptions {
  std::string venue{};  // a name of decode's table
  // Canonical; with '*' for any run of characters, which needs the venue's instrument list.
  std::vector<std::string> symbols{};
  std::vector<std::string> channels{"trades"};  // trades, quotes, raw:NAME
  unsigned lines = 1;      // connections for the same streams, at most kLinesMax
  std::string endpoint{};  // of the WebSocket; empty: the venue's own
  std::string rest{};      // base of the REST interface; empty: the venue's own
  net::Trust trust{};
  Secret token{};        // of venues that want one
  bool backfill = true;  // what was missed is asked of the venue's history
  // So often the venue's instrument list is asked for anew, where it has one; zero: never.
  Duration list_every = std::chrono::hours(24);
  // So often the venue is asked for its own candles, where it has any; zero: never.
  Duration candles_every{};
  Duration candles_history{};  // and so far back at the beginning
  // Of an empty folder: its newest trades are asked of the venue's history, of so long at most;
  // zero: none.
  Duration trades_history{};
};

// How long is too long. Silence is measured in the rhythms that the venue's facts tell.
struct SessionTimes {
  Duration ack_within = std::chrono::seconds(10);
  int rhythms_missed_max = 10;
  // A heartbeat told of trades that have not come since.
  Duration behind_max = std::chrono::seconds(5);
  // A stream of which no heartbeat tells: so many times its longest pause lately, but no less and
  // no more than these; doubled each time that asking anew brings nothing.
  int pauses_missed_max = 8;
  Duration stream_silence_min = std::chrono::seconds(10);
  Duration stream_silence_max = std::chrono::minutes(10);
  // A second connection takes over so long before the venue ends the first.
  Duration replace_before = std::chrono::minutes(10);
  // A line that was cut is back soon: what a venue sends meanwhile is a hole.
  net::Backoff::Options backoff{.first = std::chrono::milliseconds(250)};
};

struct FeedsOptions {
  static constexpr unsigned kLinesMax = 4;
  static constexpr std::size_t kSymbolsMax = 20'000;  // of one feed, patterns expanded

  std::vector<FeedOptions> feeds{};
  ConnectionId first_connection{};  // Recorder::next_connection()
  std::uint64_t seed = 0;           // of the back-off's jitter
  // So long at most, once the connections are closed, what is missing is still asked for.
  Duration settle{};
  SessionTimes times{};
};

}  // namespace tapeline::feed
