// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace tapeline::simulation {
namespace {

using sim::Random;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <typename T, std::size_t N>
T one_of(Random& random, const std::array<T, N>& values) {
  return values[random.below(N)];
}

sim::Chance chance(Random& random, std::uint32_t billionths_max) {
  if (random.percent(45)) return {};
  return {static_cast<std::uint32_t>(random.between(1, billionths_max))};
}

Duration span_of(Random& random, std::int64_t ms_min, std::int64_t ms_max) {
  return milliseconds(random.between(ms_min, ms_max));
}

sim::FaultSpec draw_faults(Random& random) {
  sim::FaultSpec faults;
  faults.lose = chance(random, 20'000'000);
  faults.dup = chance(random, 30'000'000);
  faults.swap = chance(random, 50'000'000);
  faults.bad_frame = chance(random, 10'000'000);
  faults.delay = chance(random, 20'000'000);
  faults.delay_by = span_of(random, 50, 6'000);
  faults.slow = chance(random, 3'000'000);
  faults.slow_for = span_of(random, 100, 3'000);
  if (random.percent(50)) faults.drop_after = span_of(random, 1'000, 20'000);
  if (random.percent(25)) faults.half_open_after = span_of(random, 2'000, 20'000);
  if (random.percent(40)) faults.rest = {300'000'000};
  if (random.percent(30)) faults.rest_html = {100'000'000};
  if (random.percent(40)) faults.history = random.next() % 300 + 1;
  if (random.percent(40)) faults.rest_lag = span_of(random, 500, 8'000);
  return faults;
}

sim::ExchangeOptions draw_venue(Random& random, std::string_view name) {
  sim::ExchangeOptions venue;
  venue.venue = name;
  venue.seed = random.next();
  venue.faults = draw_faults(random);
  venue.instruments = static_cast<std::size_t>(random.between(2, 6));
  venue.trades_per_second = static_cast<std::uint32_t>(random.between(20, 90));
  venue.history = seconds(random.between(1, 20));
  return venue;
}

app::config::Feed draw_feed(Random& random, const sim::ExchangeOptions& venue) {
  app::config::Feed feed = feed_of(venue);
  if (random.percent(20)) {
    feed.channels = {"trades"};
    feed.are_channels_named = true;
  }
  if (random.percent(20) && kind_of(venue.venue).has_ids) feed.lines = 2;
  // Without ids there is no instrument list either, at either of the two.
  if (random.percent(20) && kind_of(venue.venue).has_ids) feed.symbols = {"*"};
  return feed;
}

app::config::Journal draw_journal(Random& random) {
  app::config::Journal journal;
  journal.fsync =
      one_of(random, std::array{journal::SyncPolicy::kBatch, journal::SyncPolicy::kBatch,
                                journal::SyncPolicy::kOs, journal::SyncPolicy::kAlways});
  journal.segment_bytes = static_cast<std::uint64_t>(random.between(16, 400)) << 10;
  journal.reserve_bytes = std::uint64_t{1} << 18;
  return journal;
}

app::config::Stream draw_stream(Random& random) {
  app::config::Stream stream;
  stream.intervals =
      one_of(random, std::array<std::vector<Duration>, 3>{{{seconds(1), seconds(5), seconds(60)},
                                                           {milliseconds(500), seconds(3)},
                                                           {seconds(2), seconds(10)}}});
  stream.disorder = span_of(random, 0, 3'000);
  stream.idle_timeout = span_of(random, 1'000, 10'000);
  if (random.percent(30)) stream.lateness = span_of(random, 0, 4'000);
  stream.shards = 1;  // more of them are threads
  return stream;
}

// Of some runs the journal does not keep all: what is older than the oldest snapshot may go.
std::optional<std::uint64_t> draw_retained_bytes(std::uint64_t seed) {
  Random random = draws(seed, Draw::kRetention);
  if (!random.percent(40)) return {};
  return static_cast<std::uint64_t>(random.between(32, 600)) << 10;
}

// Two of them; of one at least something can be proven.
std::array<std::string_view, 2> draw_names(std::uint64_t seed) {
  Random random = draws(seed, Draw::kVenues);
  const auto counting = static_cast<std::size_t>(std::count_if(
      kVenues.begin(), kVenues.end(), [](const VenueKind& kind) { return kind.counts; }));
  const std::size_t first = random.below(counting);
  const std::size_t second = (first + 1 + random.below(kVenues.size() - 1)) % kVenues.size();
  return {kVenues[first].name, kVenues[second].name};
}

}  // namespace

app::config::Feed feed_of(const sim::ExchangeOptions& venue) {
  const sim::DialectRow& dialect = *sim::find_dialect(venue.venue);
  app::config::Feed feed;
  feed.venue = venue.venue;
  for (const sim::Instrument& row : sim::make_instruments(venue.instruments, dialect.dollar)) {
    feed.symbols.push_back(row.canonical());
  }
  feed.endpoint = fmt::format("wss://{}.test/{}", feed.venue, dialect.path);
  feed.rest_endpoint = fmt::format("https://{}.test", feed.venue);
  feed.token = Secret("simulated");  // for the venues that want one
  return feed;
}

Plan Plan::of(std::uint64_t seed) {
  Random random = draws(seed, Draw::kPlan);
  Plan plan;
  plan.seed = seed;
  for (const std::string_view venue : draw_names(seed)) {
    plan.venues.push_back(draw_venue(random, venue));
    plan.feeds.push_back(draw_feed(random, plan.venues.back()));
  }
  plan.journal = draw_journal(random);
  plan.journal.retain.bytes = draw_retained_bytes(seed);
  plan.stream = draw_stream(random);
  plan.follower.records_per_round = one_of(
      random, std::array<std::size_t, 3>{std::size_t{64}, std::size_t{300}, std::size_t{4096}});
  plan.follower.batch_rows = static_cast<std::size_t>(random.between(1, 400));
  plan.follower.batch_age = span_of(random, 0, 1'500);
  plan.ring_bytes = static_cast<std::size_t>(
      one_of(random,
             std::array<std::int64_t, 3>{std::int64_t{24}, std::int64_t{100}, std::int64_t{1024}})
      << 10);
  plan.frames_min = static_cast<std::uint64_t>(random.between(2'000, 2'600));
  plan.steps_per_fault = static_cast<std::uint32_t>(random.between(40, 600));
  for (bool& may : plan.may) may = random.percent(50);
  plan.ends_with_a_crash = random.percent(30);
  plan.checkpoint.every = span_of(random, 200, 20'000);
  plan.checkpoint.keep = static_cast<unsigned>(random.between(1, 4));
  plan.hot_bars = static_cast<std::size_t>(random.between(1, 12));
  return plan;
}

}  // namespace tapeline::simulation
