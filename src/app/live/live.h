// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
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

struct LiveOptions {
  std::string data_dir{};
  std::string engine_version{};
  config::Config config{};
  std::vector<config::Feed> feeds{};
  std::optional<Duration> duration{};  // none: until it is stopped
  bool only_record = false;            // feeds to journal, and nothing else
  std::string commit{};                // of this program, where it is known
  unsigned ports_to_try = 1;           // from serve.listen's on, while they are taken
  // The page's real address, once it can be opened.
  std::function<void(const std::string& address)> on_listening{};
  // Cuts a simulated venue's connections, on the thread that serves; false: there is no such venue.
  // Empty outside a demo.
  std::function<bool(std::string_view venue)> drop_connections{};
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
