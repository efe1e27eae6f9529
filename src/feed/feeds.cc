// SPDX-License-Identifier: Apache-2.0
#include "feed/feeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "decode/venue_table.h"
#include "feed/venue_feed.h"
#include "net/url.h"
#include "venue/field.h"

namespace tapeline::feed {
namespace {

std::string text_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Result<void> check_url(std::string_view key, const std::string& url, bool is_websocket) {
  if (url.empty()) return {};
  const auto parsed = net::parse_url(url);
  if (!parsed) return tl::make_unexpected(parsed.error().within(key));
  if (parsed->is_websocket == is_websocket) return {};
  return fail(Fault::kCaller, fmt::format("{}: {} does not begin with {}", key, public_url(url),
                                          is_websocket ? "wss://" : "https://"));
}

// Says what is wrong with one feed's options.
Result<void> check_options(const FeedOptions& options, const venue::Venue& venue) {
  const auto wrong = [](std::string text) { return fail(Fault::kCaller, std::move(text)); };
  if (options.symbols.empty()) return wrong("symbols: none is named");
  if (options.symbols.size() > FeedsOptions::kSymbolsMax) {
    return wrong(fmt::format("symbols: more than {} are named", FeedsOptions::kSymbolsMax));
  }
  for (const std::string& symbol : options.symbols) {
    // No symbol begins with its own venue's name; who writes it so means the instrument.
    const bool names_venue = symbol.starts_with(std::string(venue.name) + ":");
    if (!venue::is_symbol(symbol) || names_venue) {
      return wrong(fmt::format("symbols: \"{}\" is none", symbol));
    }
    if (is_pattern(symbol) && venue.session.instruments.empty()) {
      return wrong(
          fmt::format("symbols: \"{}\" is a pattern, and {} has no instrument list to go by; name "
                      "each symbol",
                      symbol, venue.name));
    }
  }
  if (options.channels.empty()) return wrong("channels: none is named");
  for (const std::string& channel : options.channels) {
    if (venue.session.stream_channel(channel).empty()) {
      return wrong(fmt::format("channels: {} has no \"{}\", only trades, quotes and raw:NAME",
                               venue.name, channel));
    }
  }
  if (options.lines > 1 && !venue.has_ids) {
    return wrong(
        fmt::format("lines: the trades of {} have no ids, and a second line would double "
                    "each of them; leave it at 1",
                    venue.name));
  }
  if (options.token.empty() && !venue.session.token_parameter.empty()) {
    return wrong(missing_token(venue));
  }
  if (options.lines == 0 || options.lines > FeedsOptions::kLinesMax) {
    return wrong(
        fmt::format("lines: {} is not between 1 and {}", options.lines, FeedsOptions::kLinesMax));
  }
  if (auto done = check_url("endpoint", options.endpoint, true); !done) return done;
  return check_url("rest", options.rest, false);
}

bool is_same_but_for_streams(const FeedOptions& a, const FeedOptions& b) {
  return a.venue == b.venue && a.lines == b.lines && a.endpoint == b.endpoint && a.rest == b.rest &&
         a.trust.ca_file == b.trust.ca_file && a.trust.proxy == b.trust.proxy &&
         a.token.reveal() == b.token.reveal() && a.backfill == b.backfill &&
         a.list_every == b.list_every && a.candles_every == b.candles_every &&
         a.candles_history == b.candles_history;
}

bool is_same_feed(const FeedOptions& a, const FeedOptions& b) {
  return is_same_but_for_streams(a, b) && a.symbols == b.symbols && a.channels == b.channels;
}

}  // namespace

std::vector<std::string> token_venues() {
  std::vector<std::string> names;
  for (const venue::Venue* venue : decode::venue_table()) {
    if (!venue->session.token_parameter.empty()) names.emplace_back(venue->name);
  }
  return names;
}

std::vector<std::string> one_line_venues() {
  std::vector<std::string> names;
  for (const venue::Venue* venue : decode::venue_table()) {
    if (!venue->has_ids) names.emplace_back(venue->name);
  }
  return names;
}

std::string missing_token(const venue::Venue& venue) {
  return fmt::format(
      "token: {} wants one, from {}; set the feed's token to ${{NAME}} of the environment, or "
      "token_file",
      venue.name, venue.session.token_source);
}

Feeds::Feeds(const FeedsOptions& options, net::Network& network, RecordRing& ring,
             const Clock& clock)
    : network_(network),
      clock_(clock),
      times_(options.times),
      settle_(options.settle),
      outlet_(ring, options.first_connection),
      random_(options.seed) {
  for (const FeedOptions& feed : options.feeds) feeds_.push_back(make_feed(feed));
}

Feeds::~Feeds() = default;

std::unique_ptr<VenueFeed> Feeds::make_feed(const FeedOptions& options) {
  const venue::Venue& venue = *decode::venue_table()[*decode::find_venue(options.venue)];
  auto known = shared_.find(venue.name);
  if (known == shared_.end()) {
    Shared shared{Probe(counters_, venue.name), Doorway(venue.session)};
    known = shared_.emplace(venue.name, std::move(shared)).first;
  }
  Shared& shared = known->second;
  const Surroundings around{network_, outlet_, clock_, random_, shared.probe, shared.doorway};
  return std::make_unique<VenueFeed>(options, venue, times_, holes_, around);
}

Result<void> Feeds::check(const std::vector<FeedOptions>& feeds) {
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const std::string where = fmt::format("feeds[{}]", i);
    const auto venue = decode::find_venue(feeds[i].venue);
    if (!venue) {
      return fail(Fault::kCaller, fmt::format("{}: venue: \"{}\" is none of {}", where,
                                              feeds[i].venue, text_of(decode::venue_names())));
    }
    const auto done = check_options(feeds[i], *decode::venue_table()[*venue]);
    if (!done) return tl::make_unexpected(done.error().within(where));
  }
  return {};
}

Result<std::unique_ptr<Feeds>> Feeds::make(const FeedsOptions& options, net::Network& network,
                                           RecordRing& ring, const Clock& clock) {
  if (auto done = check(options.feeds); !done) return tl::make_unexpected(done.error());
  return std::unique_ptr<Feeds>(new Feeds(options, network, ring, clock));
}

std::size_t Feeds::do_work() {
  std::size_t done = outlet_.flush();
  const std::int64_t now_ns = clock_.monotonic_ns();
  for (const auto& feed : feeds_) {
    if (!must_wait(*feed)) done += feed->do_work(now_ns);
  }
  for (const auto& feed : leaving_) done += feed->do_work(now_ns);
  bury_feeds();
  return done;
}

// Where a second connection is not let in, the feed before this one has to be gone before it
// begins.
bool Feeds::must_wait(const VenueFeed& feed) const {
  if (!feed.is_alone() || feed.has_begun()) return false;
  return std::any_of(leaving_.begin(), leaving_.end(), [&](const auto& other) {
    return other->options().venue == feed.options().venue;
  });
}

void Feeds::bury_feeds() {
  const auto is_gone = [](const auto& feed) { return feed->is_stopped(); };
  if (std::none_of(leaving_.begin(), leaving_.end(), is_gone)) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(leaving_, is_gone);
}

// First whoever stays as it is, so that what one feed gives up is not taken from another.
void Feeds::change(const std::vector<FeedOptions>& feeds) {
  if (is_stopping_) return;
  std::vector<std::unique_ptr<VenueFeed>> next(feeds.size());
  std::vector<std::unique_ptr<VenueFeed>> before;
  const std::lock_guard lock(mutex_);
  before.swap(feeds_);
  for (const auto is_same : {is_same_feed, is_same_but_for_streams}) {
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      const auto known = std::find_if(before.begin(), before.end(), [&](const auto& feed) {
        return next[i] == nullptr && is_same(feed->options(), feeds[i]);
      });
      if (known == before.end()) continue;
      next[i] = std::move(*known);
      before.erase(known);
    }
  }
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (next[i] == nullptr) next[i] = make_feed(feeds[i]);
    if (is_same_feed(next[i]->options(), feeds[i])) {
      next[i]->refresh_list();
    } else {
      next[i]->change(feeds[i].symbols, feeds[i].channels);
    }
  }
  for (auto& feed : before) {
    feed->stop(Duration());
    leaving_.push_back(std::move(feed));
  }
  feeds_ = std::move(next);
}

void Feeds::stop() {
  is_stopping_ = true;
  for (const auto& feed : feeds_) feed->stop(settle_);
}

bool Feeds::is_stopped() const {
  const auto is_gone = [](const auto& feed) { return feed->is_stopped(); };
  return outlet_.is_clear() && std::all_of(feeds_.begin(), feeds_.end(), is_gone) &&
         std::all_of(leaving_.begin(), leaving_.end(), is_gone);
}

std::vector<FeedStatus> Feeds::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<FeedStatus> out;
  out.reserve(feeds_.size());
  for (const auto& feed : feeds_) out.push_back(feed->status());
  return out;
}

}  // namespace tapeline::feed
