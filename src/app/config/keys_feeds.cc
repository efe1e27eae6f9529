// SPDX-License-Identifier: Apache-2.0
#include "app/config/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/config/yaml.h"
#include "app/values/address.h"
#include "app/values/text.h"

namespace tapeline::app::config {
namespace {

constexpr std::size_t kFeedsMax = 64;
constexpr unsigned kLinesMax = 4;  // of the feeds: they refuse more

Feed& feed_of(Place place) { return place.config.feeds[place.feed]; }

std::string add_channel(std::string_view text, std::vector<std::string>& to) {
  constexpr std::array<std::string_view, 2> kChannels{"trades", "quotes"};
  constexpr std::string_view kRaw = "raw:";
  const bool is_raw = text.starts_with(kRaw) && text.size() > kRaw.size();
  if (!is_raw && std::find(kChannels.begin(), kChannels.end(), text) == kChannels.end()) {
    return values::not_one_of(text,
                              std::array<std::string_view, 3>{"trades", "quotes", "raw:NAME"});
  }
  return store_text(text, to.emplace_back());
}

// The path with the home folder in it, when the file can be read.
std::string store_readable(std::string_view text, Place place, std::string& to) {
  if (std::string mistake = store_text(text, to); !mistake.empty()) return mistake;
  to = values::expand_home(to, home_of(place));
  return values::unreadable(to);
}

// No mistake of a token says anything of it.
std::string store_token(std::string_view text, Secret& to) {
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!to.empty()) return "token and token_file are both given; one is enough";
  if (text.empty()) return "must not be empty";
  if (text.size() > kTextSizeMax) return fmt::format("longer than {} bytes", kTextSizeMax);
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    return "must hold printable ASCII characters only, without blanks";
  }
  to = Secret(std::string(text));
  return {};
}

std::string store_token_file(std::string_view text, Place place) {
  Feed& feed = feed_of(place);
  if (std::string mistake = store_text(text, feed.token_file); !mistake.empty()) return mistake;
  feed.token_file = values::expand_home(feed.token_file, home_of(place));
  const auto content = read_file(feed.token_file);
  if (!content) return content.error().text;
  std::string_view token = *content;
  while (token.ends_with('\n') || token.ends_with('\r')) token.remove_suffix(1);
  std::string mistake = store_token(token, feed.token);
  return mistake.empty() || !feed.token.empty() ? mistake : "its content " + mistake;
}

constexpr std::array kFeedKeys{
    Key{.path = "feeds",
        .shape = Shape::kGroupList,
        .type = "a list of feeds",
        .allowed = "at most 64",
        .help = "the venues to listen to",
        .items_max = kFeedsMax},
    Key{.path = "feeds[].venue",
        .type = "a venue",
        .allowed = "a known venue",
        .help = "who sends",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_venue(t, p.surroundings.venues),
                           p.config.feeds[p.feed].venue);
            },
        .show = [](const Config& c, std::size_t feed) { return c.feeds[feed].venue; }},
    Key{.path = "feeds[].symbols",
        .shape = Shape::kList,
        .type = "a list of symbols",
        .allowed = "the venue's symbols, * stands for any text",
        .help = "the instruments to subscribe to",
        .items_max = kItemsMax,
        .clear = [](Place p) { p.config.feeds[p.feed].symbols.clear(); },
        .take =
            [](std::string_view t, Place p) {
              return store_text(t, p.config.feeds[p.feed].symbols.emplace_back());
            },
        .show = [](const Config& c,
                   std::size_t feed) { return show_texts(c.feeds[feed].symbols); }},
    Key{.path = "feeds[].channels",
        .shape = Shape::kList,
        .type = "a list of channels",
        .allowed = "trades, quotes, raw:NAME",
        .help = "what to subscribe to",
        .items_max = kItemsMax,
        .clear =
            [](Place p) {
              p.config.feeds[p.feed].channels.clear();
              p.config.feeds[p.feed].are_channels_named = true;
            },
        .take = [](std::string_view t,
                   Place p) { return add_channel(t, p.config.feeds[p.feed].channels); },
        .finish = [](Place p) -> std::string {
          return p.config.feeds[p.feed].channels.empty() ? "must not be empty" : "";
        },
        .show = [](const Config& c,
                   std::size_t feed) { return show_texts(c.feeds[feed].channels); }},
    Key{.path = "feeds[].lines",
        .type = "a number",
        .allowed = "1 to 4",
        .help = "connections that bring the same: while one of them stands, nothing is missed",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_number(t, kLinesMax), feed_of(p).lines); },
        .show = [](const Config& c,
                   std::size_t feed) { return std::to_string(c.feeds[feed].lines); }},
    Key{.path = "feeds[].endpoint",
        .type = "an address",
        .allowed = "wss://HOST[:PORT][/PATH], or ws:// to this machine",
        .help = "where to connect, instead of the venue's own",
        .example = "wss://ws-feed.exchange.coinbase.com",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_url(t, values::kWebSocketUrl), feed_of(p).endpoint);
            },
        .show = [](const Config& c,
                   std::size_t feed) { return show_text(c.feeds[feed].endpoint); }},
    Key{.path = "feeds[].rest_endpoint",
        .type = "an address",
        .allowed = "https://HOST[:PORT][/PATH], or http:// to this machine",
        .help = "where to ask for history and instruments, instead of the venue's own",
        .example = "https://api.exchange.coinbase.com",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_url(t, values::kHttpUrl), feed_of(p).rest_endpoint);
            },
        .show = [](const Config& c,
                   std::size_t feed) { return show_text(c.feeds[feed].rest_endpoint); }},
    Key{.path = "feeds[].ca_file",
        .type = "a path",
        .allowed = "a PEM file",
        .help = "the only authority to trust, instead of the system's",
        .example = "~/authority.pem",
        .take = [](std::string_view t,
                   Place p) { return store_readable(t, p, feed_of(p).ca_file); },
        .show = [](const Config& c, std::size_t feed) { return show_text(c.feeds[feed].ca_file); }},
    Key{.path = "feeds[].proxy",
        .type = "an address",
        .allowed = "http://[USER:PASSWORD@]HOST:PORT; a password from ${NAME}",
        .help = "the proxy to connect through",
        .example = "http://127.0.0.1:3128",
        .may_hold_user = true,
        .take = [](std::string_view t,
                   Place p) { return store(values::read_proxy(t), feed_of(p).proxy); },
        .show =
            [](const Config& c, std::size_t feed) {
              return show_text(values::without_user(c.feeds[feed].proxy));
            }},
    Key{.path = "feeds[].token",
        .type = "a secret",
        .allowed = "${NAME} of the environment; or say token_file",
        .help = "the key of a venue that needs one; never shown",
        .example = "${TAPELINE_TOKEN}",
        .is_secret = true,
        .take = [](std::string_view t, Place p) { return store_token(t, feed_of(p).token); },
        .show = [](const Config& c, std::size_t feed) { return show_secret(c.feeds[feed].token); }},
    Key{.path = "feeds[].token_file",
        .type = "a path",
        .allowed = "a file that holds the token alone",
        .help = "where the token stands, instead of token",
        .example = "~/token",
        .take = [](std::string_view t, Place p) { return store_token_file(t, p); },
        .show = [](const Config& c,
                   std::size_t feed) { return show_text(c.feeds[feed].token_file); }},
    Key{.path = "feeds[].backfill",
        .type = "a word",
        .allowed = "true, false",
        .help = "whether trades that were missed are fetched, where the venue has a history",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_bool(t), feed_of(p).backfill); },
        .show = [](const Config& c, std::size_t feed) -> std::string {
          return c.feeds[feed].backfill ? "true" : "false";
        }},
    Key{.path = "feeds[].instruments",
        .type = "a duration",
        .allowed = "10m to 30d, or off",
        .help = "how often the venue's instrument list is asked for anew, where it has one",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_unless("off", t,
                                               [](std::string_view text) {
                                                 return values::read_duration(
                                                     text, values::kListEveryRange);
                                               }),
                           feed_of(p).instruments);
            },
        .show = [](const Config& c, std::size_t feed) -> std::string {
          const auto& every = c.feeds[feed].instruments;
          return every ? format_duration(*every) : "off";
        }},
    Key{.path = "feeds[].candles",
        .type = "a duration",
        .allowed = "10m to 30d, or off",
        .help = "how often the venue is asked for its own candles, where it has any",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_unless("off", t,
                                               [](std::string_view text) {
                                                 return values::read_duration(
                                                     text, values::kCandlesEveryRange);
                                               }),
                           feed_of(p).candles);
            },
        .show = [](const Config& c, std::size_t feed) -> std::string {
          const auto& every = c.feeds[feed].candles;
          return every ? format_duration(*every) : "off";
        }},
    Key{.path = "feeds[].history",
        .type = "a duration",
        .allowed = "1m to 30d, or candles: as long as these",
        .help =
            "how far back its own candles are asked for at a start, and an empty folder's trades",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_unless("candles", t,
                                               [](std::string_view text) {
                                                 return values::read_duration(
                                                     text, values::kHistoryRange);
                                               }),
                           feed_of(p).history);
            },
        .show = [](const Config& c, std::size_t feed) -> std::string {
          const auto& back = c.feeds[feed].history;
          return back ? format_duration(*back) : "candles";
        }},
};

}  // namespace

std::span<const Key> feed_keys() { return kFeedKeys; }

}  // namespace tapeline::app::config
