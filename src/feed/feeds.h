// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "feed/doorway.h"
#include "feed/feed_options.h"
#include "feed/hole_board.h"
#include "feed/outlet.h"
#include "feed/probe.h"
#include "feed/record_ring.h"
#include "feed/status.h"
#include "metrics/counters.h"
#include "net/network.h"
#include "venue/venue.h"

namespace tapeline::feed {

class VenueFeed;

// The venues that want one.
std::vector<std::string> token_venues();
// Those whose trades have no ids: a second line would double everything.
std::vector<std::string> one_line_venues();
// What to do about a feed without the token that its venue wants.
std::string missing_token(const venue::Venue& venue);

// Every live feed of a configuration, on the thread of one Network: connects, subscribes, stamps
// once and hands everything to the ring. status() and counters() are for any thread; the rest is
// for the network's.
class Feeds {
 public:
  // A mistake in the options is an Error that names it. What it is given outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Feeds>> make(const FeedsOptions& options,
                                                           net::Network& network, RecordRing& ring,
                                                           const Clock& clock);
  // What is wrong with them, an Error that names it.
  [[nodiscard]] static Result<void> check(const std::vector<FeedOptions>& feeds);
  ~Feeds();
  Feeds(const Feeds&) = delete;
  Feeds& operator=(const Feeds&) = delete;

  // Once in each loop, beside network.run(). Gives how much it did.
  std::size_t do_work();
  // From now on these, which were checked: a feed that differs in symbols and channels alone goes
  // on with them, any other ends, or begins.
  void change(const std::vector<FeedOptions>& feeds);
  // Begins to close every connection; nothing is connected any more.
  void stop();
  // After stop(): every connection is closed, and everything is in the ring. The recorder must be
  // at work meanwhile.
  [[nodiscard]] bool is_stopped() const;

  [[nodiscard]] std::vector<FeedStatus> status() const;
  [[nodiscard]] const metrics::Counters& counters() const { return counters_; }
  // Where whoever keeps the ledger shows its holes; for any thread.
  [[nodiscard]] HoleBoard& holes() { return holes_; }

 private:
  Feeds(const FeedsOptions& options, net::Network& network, RecordRing& ring, const Clock& clock);

  [[nodiscard]] std::unique_ptr<VenueFeed> make_feed(const FeedOptions& options);
  [[nodiscard]] bool must_wait(const VenueFeed& feed) const;
  void bury_feeds();

  net::Network& network_;
  const Clock& clock_;
  const SessionTimes times_;
  const Duration settle_;
  metrics::Counters counters_;
  HoleBoard holes_;
  // What the feeds of a venue share; it stays where it is.
  struct Shared {
    Probe probe;
    Doorway doorway;
  };
  std::map<std::string, Shared, std::less<>> shared_;  // by venue
  Outlet outlet_;
  std::mt19937_64 random_;
  bool is_stopping_ = false;
  mutable std::mutex mutex_;  // guards what follows against status()
  std::vector<std::unique_ptr<VenueFeed>> feeds_;
  std::vector<std::unique_ptr<VenueFeed>> leaving_;  // nobody wants them any more
};

}  // namespace tapeline::feed
