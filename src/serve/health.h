// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "metrics/counters.h"
#include "serve/latency.h"

namespace tapeline::serve {

// What the server says of the process it runs in, as whoever runs it tells it.

struct Problem {
  std::string part;
  std::string text;
};

// What is asked of the history of a venue.
struct Backfill {
  std::string venue{};
  std::uint64_t waiting = 0;   // holes that are still to be asked for
  std::uint64_t given_up = 0;  // left until somebody asks for a repair
  std::uint64_t pages = 0;     // that came
  std::uint64_t failures = 0;  // pages that did not
  std::string last_error{};
};

struct Health {
  std::uint64_t records = 0;  // of the journal
  std::uint64_t durable = 0;  // of them
  std::string journal_state{};
  std::uint64_t next_record = 0;    // that the engine reads
  Duration behind{};                // how old the engine's time is
  bool is_ending = false;           // the connections are closed for good
  std::uint64_t stored_record = 0;  // every one before it is in the store
  std::uint64_t stored_rows = 0;
  std::uint64_t store_retries = 0;
  std::uint64_t snapshot_record = 0;
  RecvTime snapshot_at{};                // 0: there is none
  std::uint64_t candles_compared = 0;    // minutes, when bars were last held against them
  std::uint64_t candles_different = 0;   // of these
  std::uint64_t candles_uncompared = 0;  // minutes that could not be
  RecvTime candles_compared_at{};        // 0: never
  std::vector<std::string> ended{};      // what has ended for good, and why
  std::vector<std::string> not_ready{};  // feeds that are not connected
  std::vector<Problem> needs_a_person{};
  std::vector<Backfill> backfill{};   // of the feeds that do it
  std::vector<std::string> venues{};  // of all feeds
};

struct FeedStream {
  std::string symbol{};
  std::string channel{};
  std::string state{};
  RecvTime since{};
  RecvTime last_frame{};  // 0: none yet
  std::uint64_t frames = 0;
  std::string last_error{};
};

struct FeedLine {
  std::string venue{};
  std::string endpoint{};
  unsigned line = 0;
  std::string state{};
  RecvTime since{};
  RecvTime last_frame{};
  std::uint64_t frames = 0;
  std::uint64_t reconnects = 0;
  std::string last_error{};
  bool needs_a_person = false;
  std::string clock_warning{};  // of its venue; empty: none
  std::vector<FeedStream> streams{};
};

// Whom the server asks; everything outlives it. Called on its thread, but for explain.
struct Around {
  std::function<Health()> health{};
  std::function<std::vector<FeedLine>()> feeds{};
  // Every record of the journal before it is in the store.
  std::function<std::uint64_t()> stored_record{};
  std::vector<const metrics::Counters*> counters{};
  std::function<Latency()> latency{};  // all but to_push
  // The text of one bar's history; on the thread of the history.
  std::function<std::string(std::string_view instrument, std::string_view interval,
                            std::string_view start)>
      explain{};
  // From now on the instrument is listened to, or no more. An Error says why not.
  std::function<Result<void>(std::string_view instrument, bool is_wanted)> subscribe{};
  // Cuts a simulated venue's connections; false: there is no such venue. Empty outside a demo.
  std::function<bool(std::string_view venue)> drop_connections{};
};

}  // namespace tapeline::serve
