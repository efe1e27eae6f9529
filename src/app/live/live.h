// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace tapeline::app::live {

struct LiveSummary;

struct LiveOptions {
  std::string data_dir{};
  std::string engine_version{};
  config::Config config{};
  std::vector<config::Feed> feeds{};
  std::optional<Duration> duration{};  // none: until it is stopped
  bool only_record = false;            // feeds to journal, and nothing else
  Duration settle{};     // at the end: how long what is missing may still be asked for
  std::string commit{};  // of this program, where it is known
  // Asked often, on the thread that waits: the feeds of a configuration that was read anew, once.
  std::function<std::optional<std::vector<config::Feed>>()> new_feeds{};
  // Of a demo: cuts the simulated venue's connections; false where there is none of that name. For
  // any thread.
  std::function<bool(std::string_view venue)> drop_connections{};
  // Told the page's address, http://127.0.0.1:8080, once it can be asked.
  std::function<void(const std::string& address)> on_listening{};
  unsigned ports_to_try = 1;  // from that of serve.listen on, while they are taken
  // Told some times a second how far it is, and once that it ends, on the thread that waits.
  std::function<void(const LiveSummary&)> on_look{};
  std::function<void()> on_ending{};
};

struct LiveSummary {
  std::uint64_t records = 0;  // of the journal, by this run
  std::uint64_t stored = 0;   // rows
  std::uint64_t received = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t late = 0;
  std::uint64_t rejected = 0;
  std::uint64_t shed = 0;
  std::uint64_t control = 0;
  std::uint64_t missing = 0;       // ids that the ledgers miss
  std::uint64_t bars_shown = 0;    // looks that had something new of a bar
  std::optional<Error> failure{};  // what ended it before its time
  bool is_clean = true;            // everything stopped in time
};

// Records and processes until `stop`, the end of the duration, or a failure that no retry can mend;
// then closes the connections and stores what is left. A loopback endpoint is a simulator, whose
// data never shares a folder with a venue's.
[[nodiscard]] Result<LiveSummary> run_live(const LiveOptions& options, const Clock& clock, Log& log,
                                           const std::function<void(Duration)>& sleep,
                                           const std::atomic<bool>& stop);

}  // namespace tapeline::app::live
