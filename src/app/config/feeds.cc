// SPDX-License-Identifier: Apache-2.0
#include "app/config/feeds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "app/values/text.h"
#include "model/instrument.h"

namespace tapeline::app::config {
namespace {

void add_once(std::vector<std::string>& symbols, std::string_view symbol) {
  if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) {
    symbols.emplace_back(symbol);
  }
}

bool lists(const Feed& feed, std::string_view symbol) {
  return std::any_of(feed.symbols.begin(), feed.symbols.end(),
                     [&](const std::string& pattern) { return matches_pattern(pattern, symbol); });
}

// Takes symbols out of the configured feeds into feeds that have the same settings.
class Selector {
 public:
  explicit Selector(std::vector<Feed> configured) : configured_(std::move(configured)) {
    for (const Feed& feed : configured_) {
      chosen_.push_back(feed);
      chosen_.back().symbols.clear();
    }
  }

  // Returns the mistake, or nothing.
  std::string take(std::string_view pattern) {
    const std::size_t colon = pattern.find(':');
    const std::string_view venue = pattern.substr(0, colon);
    if (colon != std::string_view::npos && venue.find('*') == std::string_view::npos) {
      const std::string_view symbol = pattern.substr(colon + 1);
      add_once(feed_for(venue, symbol).symbols, symbol);
      return {};
    }
    bool is_found = false;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < configured_.size(); ++i) {
      for (const std::string& symbol : configured_[i].symbols) {
        names.push_back(configured_[i].venue + ":" + symbol);
        if (!matches_pattern(pattern, names.back())) continue;
        add_once(chosen_[i].symbols, symbol);
        is_found = true;
      }
    }
    if (is_found) return {};
    return fmt::format("--instrument: {} is none of what is configured ({}); name the venue",
                       values::quoted(pattern),
                       values::printable(fmt::format("{}", fmt::join(names, ", "))));
  }

  std::vector<Feed> feeds() && {
    std::erase_if(chosen_, [](const Feed& feed) { return feed.symbols.empty(); });
    return std::move(chosen_);
  }

 private:
  // The venue's feed that lists the symbol, or its first one, or one without settings.
  Feed& feed_for(std::string_view venue, std::string_view symbol) {
    Feed* first = nullptr;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      if (chosen_[i].venue != venue) continue;
      if (i < configured_.size() && lists(configured_[i], symbol)) return chosen_[i];
      if (first == nullptr) first = &chosen_[i];
    }
    if (first != nullptr) return *first;
    chosen_.emplace_back().venue = venue;
    return chosen_.back();
  }

  std::vector<Feed> configured_;
  std::vector<Feed> chosen_;  // the configured ones in their order, and others behind them
};

}  // namespace

std::vector<Feed> default_feeds() {
  Feed feed;
  feed.venue = "coinbase";
  feed.symbols = {"BTC-USD", "ETH-USD"};
  return {feed};
}

tl::expected<std::vector<Feed>, std::string> effective_feeds(
    const Config& config, const std::vector<std::string>& patterns) {
  std::vector<Feed> feeds = config.feeds.empty() ? default_feeds() : config.feeds;
  if (patterns.empty()) {
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      if (feeds[i].symbols.empty()) {
        return tl::make_unexpected(fmt::format(
            "feeds[{}].symbols: missing (say which instruments to subscribe to, like [BTC-USD])",
            i));
      }
      std::vector<std::string> symbols;
      for (const std::string& symbol : feeds[i].symbols) add_once(symbols, symbol);
      feeds[i].symbols = std::move(symbols);
    }
    return feeds;
  }
  Selector selector(std::move(feeds));
  for (const std::string& pattern : patterns) {
    if (std::string mistake = selector.take(pattern); !mistake.empty()) {
      return tl::make_unexpected(std::move(mistake));
    }
  }
  return std::move(selector).feeds();
}

}  // namespace tapeline::app::config
