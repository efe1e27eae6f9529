// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "journal/record.h"
#include "replay/options.h"
#include "sim/venue_server.h"
#include "store/listings.h"

namespace tapeline::app {

enum class Listing : std::uint8_t { kTable, kCsv, kJsonLines };

// Which records `journal cat` shows.
struct Selection {
  std::uint64_t first = 0;                 // the position to begin with
  std::optional<RecvTime> from;            // received at or after it
  std::optional<RecvTime> to;              // received before it
  std::vector<journal::RecordType> types;  // none: all
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

// What `sim` simulates, and for how long.
struct SimSettings {
  sim::VenueServerOptions server;
  std::string ca_file;  // where the authority's certificate goes; empty: nowhere
  Duration duration{};  // zero: until a signal
};

// What `demo` simulates, and where its page is.
struct DemoSettings {
  std::vector<std::string> venues;  // none: all
  std::uint64_t seed = 1;
  // Nothing is lost by itself: the hole is for who drops a connection on the page.
  static constexpr std::string_view kFaults = "dup=0.1%,slow=500ms:0.02%,rest=5%";
  sim::FaultSpec faults = sim::parse_faults(kFaults).value();
  std::uint16_t port = 8080;  // the next free one from there on
  bool no_backfill = false;
};

// What `watch` shows, and of whom.
struct WatchSettings {
  std::string address;               // empty: serve.listen
  std::optional<Duration> interval;  // none: a minute, or what there is next to it
};

// How `sql` answers.
struct SqlSettings {
  std::optional<std::uint64_t> limit;  // rows; none: 1000 of a table, else all
  std::optional<Duration> timeout;     // none: of the files no limit
};

// What the options of all commands say; each command reads its own.
struct Settings {
  replay::Options replay;  // of `replay`, and of `journal import` what it shares with it
  Selection cat;
  Listing listing = Listing::kTable;  // `journal ls`, `sql` and `instruments`
  std::optional<Duration> duration;   // `run` and `record`
  std::optional<Duration> history;    // `run`
  bool frames = false;                // `explain`
  bool repair = false;                // `audit`
  bool reconcile = false;             // likewise
  SqlSettings sql;                    // and of `instruments` the limit
  store::ListingsAsked listings;      // `instruments`
  bool show = false;                  // `check`
  bool connect = false;               // likewise
  bool force = false;                 // `init`
  SimSettings sim;
  DemoSettings demo;
  WatchSettings watch;
};

}  // namespace tapeline::app
