// SPDX-License-Identifier: Apache-2.0
#include "app/demo/venues.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

#include "base/secret.h"
#include "decode/venue_table.h"
#include "sim/dialect/dialect.h"

namespace tapeline::app::demo {
namespace {

// How long one turn may wait: so late, at most, a wish is heard.
constexpr Duration kVenueTurn = std::chrono::milliseconds(5);
// A venue whose line was cut answers nobody for so long: else too little is missed to see a hole.
constexpr Duration kAway = std::chrono::milliseconds(300);

Result<void> write_pem(const std::string& path, const std::string& pem) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << pem;
  file.close();
  if (file) return {};
  return fail(Fault::kCaller,
              fmt::format("{}: cannot write: {}", path, std::generic_category().message(errno)));
}

}  // namespace

Result<std::unique_ptr<Venues>> Venues::open(const VenuesOptions& options, const Clock& clock) {
  auto venues = std::make_unique<Venues>();
  for (const std::string& name : options.names) {
    auto server = sim::VenueServer::open({.exchange = {.venue = name,
                                                       .seed = options.seed,
                                                       .faults = options.faults,
                                                       .history = options.past,
                                                       .truth_trades_max = options.trades_max}},
                                         clock);
    if (!server) return tl::make_unexpected(server.error());
    auto venue = std::make_unique<Venue>();
    venue->name = name;
    venue->ca_file = fmt::format("{}/{}.pem", options.folder, name);
    venue->server = std::move(*server);
    if (auto done = write_pem(venue->ca_file, venue->server->ca_pem()); !done) {
      return tl::make_unexpected(done.error());
    }
    venues->venues_.push_back(std::move(venue));
  }
  for (const auto& venue : venues->venues_) {
    venue->agent =
        std::make_unique<live::Agent>("sim " + venue->name, live::Rests{.first = {}},
                                      [&venue = *venue, &clock] { return run(venue, clock); });
  }
  return venues;
}

std::size_t Venues::run(Venue& venue, const Clock& clock) {
  if (venue.is_drop_wanted.exchange(false)) {
    venue.server->exchange().drop_all(EventTime(clock.wall().unix_ns()));
    venue.server->run(Duration());
    std::this_thread::sleep_for(kAway);
  }
  return venue.server->run(kVenueTurn);
}

std::vector<config::Feed> Venues::feeds() const {
  std::vector<config::Feed> feeds;
  for (const auto& venue : venues_) {
    config::Feed feed;
    feed.venue = venue->name;
    for (const sim::Instrument& instrument : venue->server->exchange().truth().instruments()) {
      feed.symbols.push_back(instrument.canonical());
    }
    const std::string& address = venue->server->address();
    feed.endpoint = fmt::format("wss://{}/{}", address, sim::find_dialect(venue->name)->path);
    feed.token = Secret("simulated");  // for the venues that want one
    feed.rest_endpoint = "https://" + address;
    feed.ca_file = venue->ca_file;
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

bool Venues::drop_connections(std::string_view name) {
  for (const auto& venue : venues_) {
    if (venue->name != name) continue;
    venue->is_drop_wanted.store(true);
    return true;
  }
  return false;
}

std::vector<TrueVenue> Venues::stop() {
  std::vector<TrueVenue> truths;
  for (const auto& venue : venues_) {
    venue->agent.reset();  // asks, and waits
    const venue::Venue& facts = *decode::venue_table()[*decode::find_venue(venue->name)];
    const sim::Exchange& exchange = venue->server->exchange();
    truths.push_back({venue->name, &exchange.truth(), facts.contiguous_ids, facts.has_ids,
                      exchange.options().faults.history});
  }
  return truths;
}

}  // namespace tapeline::app::demo
