// SPDX-License-Identifier: Apache-2.0
#include "app/live/subscriptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "app/values/text.h"
#include "net/url.h"

namespace tapeline::app::live {

Result<Holds> holds_of(const std::vector<config::Feed>& feeds) {
  std::size_t simulated = 0;
  for (const config::Feed& feed : feeds) {
    if (feed.endpoint.empty()) continue;
    const auto url = net::parse_url(feed.endpoint);
    if (!url) return tl::make_unexpected(url.error().within("feeds[].endpoint"));
    if (url->is_loopback()) ++simulated;
  }
  if (simulated == 0) return Holds::kReal;
  if (simulated == feeds.size()) return Holds::kSimulated;
  return fail(Fault::kCaller,
              "feeds: simulated venues (an endpoint on this machine) and real ones cannot share a "
              "data folder; run them apart, each with its own --data-dir");
}

config::Feed* feed_to_extend(std::vector<config::Feed>& feeds, std::string_view venue) {
  config::Feed* found = nullptr;
  for (config::Feed& feed : feeds) {
    if (feed.venue != venue) continue;
    const auto is_parsed = [](std::string_view channel) { return !channel.starts_with("raw:"); };
    if (std::any_of(feed.channels.begin(), feed.channels.end(), is_parsed)) return &feed;
    if (found == nullptr) found = &feed;
  }
  return found;
}

Result<void> Subscriptions::replace(std::vector<config::Feed> feeds) {
  const std::lock_guard lock(mutex_);
  return apply(std::move(feeds));
}

// A feed without a symbol is remembered, so that its settings are there for the next one.
Result<void> Subscriptions::apply(std::vector<config::Feed> feeds) {
  const auto holds = holds_of(feeds);
  if (!holds) return tl::make_unexpected(holds.error());
  if (*holds != holds_) {
    return fail(Fault::kCaller,
                fmt::format("feeds: the data folder holds {} data and these are not; stop, and run "
                            "them with another --data-dir",
                            holds_ == Holds::kSimulated ? "simulated" : "real"));
  }
  std::vector<config::Feed> wanted = feeds;
  std::erase_if(wanted, [](const config::Feed& feed) { return feed.symbols.empty(); });
  if (auto done = capture_.change_feeds(wanted); !done) return done;
  feeds_ = std::move(feeds);
  return {};
}

Result<void> Subscriptions::change(std::string_view instrument, bool is_wanted) {
  const std::size_t colon = instrument.find(':');
  if (colon == std::string_view::npos || colon + 1 == instrument.size()) {
    return fail(Fault::kCaller, "instrument: say venue:SYMBOL, like coinbase:SOL-USD");
  }
  const std::string_view venue = instrument.substr(0, colon);
  const std::string symbol(instrument.substr(colon + 1));
  const std::lock_guard lock(mutex_);
  std::vector<config::Feed> feeds = feeds_;
  const auto is_of_venue = [&](const config::Feed& feed) { return feed.venue == venue; };
  const auto lists = [&](const config::Feed& feed) {
    return is_of_venue(feed) &&
           std::find(feed.symbols.begin(), feed.symbols.end(), symbol) != feed.symbols.end();
  };
  if (!is_wanted) {
    if (std::none_of(feeds.begin(), feeds.end(), lists)) {
      return fail(Fault::kCaller,
                  fmt::format("{} is none of what is subscribed to by its name; a pattern is given "
                              "up as it was written",
                              values::quoted(instrument)));
    }
    for (config::Feed& feed : feeds) {
      if (is_of_venue(feed)) std::erase(feed.symbols, symbol);
    }
    return apply(std::move(feeds));
  }
  if (std::any_of(feeds.begin(), feeds.end(), lists)) return {};
  config::Feed* feed = feed_to_extend(feeds, venue);
  if (feed == nullptr) {
    return fail(Fault::kCaller,
                fmt::format("{}: no feed of this venue is configured; write one into the "
                            "configuration, and send SIGHUP",
                            values::quoted(venue)));
  }
  feed->symbols.push_back(symbol);
  return apply(std::move(feeds));
}

}  // namespace tapeline::app::live
