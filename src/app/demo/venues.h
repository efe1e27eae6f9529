// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "app/demo/truth_check.h"
#include "app/live/agent.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "sim/venue_server.h"

namespace tapeline::app::demo {

struct VenuesOptions {
  std::vector<std::string> names{};
  std::uint64_t seed = 1;
  sim::FaultSpec faults{};
  std::string folder{};  // where the certificates of their authorities go: VENUE.pem
  Duration past = std::chrono::minutes(1);                 // so long they have traded already
  std::size_t trades_max = sim::Truth::kTradesMaxDefault;  // that each venue remembers
};

// The simulated venues of a demo, each on a port of the loopback and a thread of its own.
class Venues {
 public:
  // They listen and trade when it returns. The clock outlives them.
  [[nodiscard]] static Result<std::unique_ptr<Venues>> open(const VenuesOptions& options,
                                                            const Clock& clock);

  // The feeds that listen to all of them.
  [[nodiscard]] std::vector<config::Feed> feeds() const;
  // Cuts the venue's connections, soon. False: there is none of that name. Any thread.
  bool drop_connections(std::string_view venue);

  // Stops the market, and then says what really happened.
  [[nodiscard]] std::vector<TrueVenue> stop();

 private:
  struct Venue {
    std::string name;
    std::string ca_file;
    std::unique_ptr<sim::VenueServer> server;  // of the agent, while it runs
    std::atomic<bool> is_drop_wanted{false};
    std::unique_ptr<live::Agent> agent;
  };

  static std::size_t run(Venue& venue, const Clock& clock);

  std::vector<std::unique_ptr<Venue>> venues_;
};

}  // namespace tapeline::app::demo
