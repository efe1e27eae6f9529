// SPDX-License-Identifier: Apache-2.0
#include "app/watch/board.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "app/values/text.h"
#include "base/time.h"
#include "model/instrument.h"
#include "venue/json.h"  // simdjson, as all of the project compiles it

namespace tapeline::app::watch {
namespace {

namespace dom = simdjson::dom;

std::string text_of(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get_string().get(text) == simdjson::SUCCESS ? std::string(text)
                                                                 : std::string();
}

std::uint64_t count_of(const dom::element& object, std::string_view key) {
  std::uint64_t number = 0;
  return object[key].get_uint64().get(number) == simdjson::SUCCESS ? number : 0;
}

double number_of(const dom::element& object, std::string_view key) {
  double number = 0;
  return object[key].get_double().get(number) == simdjson::SUCCESS ? number : 0;
}

double value_of(std::string_view decimal) {
  double value = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return value;
}

int decimals_of(const dom::element& object, std::string_view key) {
  constexpr std::uint64_t kScaleMax = 18;
  return static_cast<int>(std::min(count_of(object, key), kScaleMax));
}

// What may stand in a message as it is.
bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
  });
}

std::string ask(std::string_view op, std::string_view topic) {
  return fmt::format(R"({{"op":"{}","topics":["{}"]}})", op, topic);
}

std::string subscribe_to(std::string_view topic) { return ask("subscribe", topic); }

// "a, b and 7 more"
std::string list_of(const std::set<std::string>& names) {
  constexpr std::size_t kShownMax = 20;
  if (names.empty()) return "none";
  const auto end =
      std::next(names.begin(), static_cast<std::ptrdiff_t>(std::min(names.size(), kShownMax)));
  const std::string more =
      names.size() > kShownMax ? fmt::format(" and {} more", names.size() - kShownMax) : "";
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "), more);
}

WatchedBar bar_of(const dom::element& object) {
  return {.start = text_of(object, "start"),
          .open = text_of(object, "open"),
          .high = text_of(object, "high"),
          .low = text_of(object, "low"),
          .close = text_of(object, "close"),
          .volume = text_of(object, "volume"),
          .trades = count_of(object, "trades"),
          .quality = text_of(object, "quality"),
          .state = text_of(object, "state"),
          .revision = count_of(object, "revision")};
}

}  // namespace

struct Board::Parser {
  dom::parser parser;
  dom::element root;

  [[nodiscard]] dom::array data() const {
    dom::array rows;
    if (root["data"].get_array().get(rows) != simdjson::SUCCESS) return {};
    return rows;
  }
};

Board::Board(std::vector<std::string> patterns, std::optional<std::string> interval)
    : patterns_(std::move(patterns)),
      wanted_interval_(std::move(interval)),
      are_patterns_judged_(patterns_.empty()),
      parser_(std::make_unique<Parser>()) {}

Board::~Board() = default;

bool Board::is_wanted(std::string_view instrument) const {
  return is_plain_name(instrument) &&
         (patterns_.empty() ||
          std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
            return matches_pattern(pattern, instrument);
          }));
}

std::string Board::what_it_waits_for() const {
  if (!rows_.empty()) return {};
  if (!are_patterns_judged_ && !unsaid_venues_.empty()) {
    return fmt::format("nothing matches {} yet; {} has not said what there is (tapeline status)",
                       fmt::join(patterns_, ", "), fmt::join(unsaid_venues_, ", "));
  }
  return "no price yet; the feeds are waited for (tapeline status)";
}

Brought Board::take(std::string_view message) {
  Brought brought;
  Parser& parser = *parser_;
  if (parser.parser.parse(message).get(parser.root) != simdjson::SUCCESS ||
      !parser.root.is_object()) {
    brought.problem = "the server sent what is no message of its push stream";
    return brought;
  }
  const std::string type = text_of(parser.root, "type");
  if (type == "hello") {
    take_hello(parser, brought);
  } else if (type == "error") {
    brought.problem = text_of(parser.root, "error");
  } else if (type == "snapshot" || type == "update") {
    take_topic(parser, brought);
  }
  return brought;
}

// Bars are of the interval that was asked for, or nothing is; without one, of a minute, or of the
// next longer interval that there is.
void Board::take_hello(Parser& parser, Brought& brought) {
  is_simulated_ = text_of(parser.root, "mode") == "simulated";
  std::vector<std::string> there;
  if (dom::array rows; parser.root["intervals"].get_array().get(rows) == simdjson::SUCCESS) {
    for (const dom::element row : rows) {
      if (std::string_view text; row.get_string().get(text) == simdjson::SUCCESS) {
        there.emplace_back(text);
      }
    }
  }
  if (wanted_interval_) interval_ = *wanted_interval_;
  const auto known = std::find(there.begin(), there.end(), interval_);
  if (!there.empty() && known == there.end()) {
    if (wanted_interval_) {
      brought.mistake = fmt::format("--interval: no {} bars are made here; there are {}", interval_,
                                    fmt::join(there, ", "));
      return;
    }
    const auto longer = std::find_if(there.begin(), there.end(), [&](const std::string& each) {
      return parse_duration(each) > parse_duration(interval_);
    });
    interval_ = longer != there.end() ? *longer : there.back();
  }
  if (!are_patterns_judged_) brought.replies.push_back(subscribe_to("feeds"));
  brought.replies.push_back(subscribe_to("prices"));
}

// What the feeds bring is known before the first trade of it; without streams, not yet.
void Board::take_feeds(Parser& parser, Brought& brought) {
  unsaid_venues_.clear();
  for (const dom::element feed : parser.data()) {
    const std::string venue = text_of(feed, "venue");
    dom::array streams;
    if (feed["streams"].get_array().get(streams) != simdjson::SUCCESS) continue;
    if (streams.size() == 0) unsaid_venues_.insert(venue);
    for (const dom::element stream : streams) {
      const std::string symbol = text_of(stream, "symbol");
      const std::string name = fmt::format("{}:{}", venue, symbol);
      if (!symbol.empty() && is_plain_name(name)) names_.insert(name);
    }
  }
  are_feeds_known_ = unsaid_venues_.empty();
  judge_patterns(brought);
}

// A pattern that matches nothing is a mistake, once it is known what there is.
void Board::judge_patterns(Brought& brought) {
  if (are_patterns_judged_ || !are_prices_known_ || !are_feeds_known_) return;
  are_patterns_judged_ = true;
  brought.replies.push_back(ask("unsubscribe", "feeds"));
  for (const std::string& pattern : patterns_) {
    const auto matches = [&](const std::string& name) { return matches_pattern(pattern, name); };
    if (std::any_of(names_.begin(), names_.end(), matches)) continue;
    brought.mistake = fmt::format("--instrument: {} matches nothing here; there is {}",
                                  values::quoted(pattern), list_of(names_));
    return;
  }
}

void Board::take_topic(Parser& parser, Brought& brought) {
  const std::string topic = text_of(parser.root, "topic");
  const bool is_snapshot = text_of(parser.root, "type") == "snapshot";
  const auto known = seqs_.find(topic);
  const bool is_next = known != seqs_.end() && known->second == count_of(parser.root, "prev");
  if (!is_snapshot && !is_next) {  // something was lost
    if (is_plain_name(topic)) brought.replies.push_back(subscribe_to(topic));
    return;
  }
  seqs_[topic] = count_of(parser.root, "seq");
  if (topic == "prices") return take_prices(parser, brought);
  if (topic == "feeds") return take_feeds(parser, brought);
  constexpr std::string_view kBars = "bars:";
  const std::string tail = ":" + interval_;
  if (!topic.starts_with(kBars) || !topic.ends_with(tail)) return;
  const std::size_t length = topic.size() - kBars.size() - tail.size();
  take_bars(parser, topic.substr(kBars.size(), length), is_snapshot, brought);
}

void Board::take_prices(Parser& parser, Brought& brought) {
  for (const dom::element about : parser.data()) {
    const std::string name = text_of(about, "instrument");
    if (!are_patterns_judged_ && is_plain_name(name)) names_.insert(name);
    if (!is_wanted(name)) continue;
    const auto [at, is_new] = rows_.try_emplace(name);
    WatchedInstrument& row = at->second;
    if (is_new && rows_.size() <= kBarsMax) {
      brought.replies.push_back(subscribe_to(fmt::format("bars:{}:{}", name, interval_)));
    }
    row.quality = text_of(about, "quality");
    row.missing = count_of(about, "missing_ids");
    row.trades_per_second = number_of(about, "trades_per_second");
    row.price_decimals = decimals_of(about, "price_decimals");
    row.size_decimals = decimals_of(about, "size_decimals");
    if (dom::element change; about["change"].get(change) == simdjson::SUCCESS) {
      row.change = change.is_object() ? text_of(change, "percent") : "";
      row.over = change.is_object() ? text_of(change, "over") : "";
    }
    dom::element last;
    if (about["last"].get(last) != simdjson::SUCCESS || !last.is_object()) continue;
    const std::string price = text_of(last, "price");
    if (price == row.price) continue;
    const double before = value_of(row.price);
    const double now = value_of(price);
    row.direction = row.price.empty() || now == before ? 0 : now > before ? 1 : -1;
    row.price = price;
    row.price_time = text_of(last, "ts_event");
    brought.changes.push_back({.instrument = name});
  }
  are_prices_known_ = true;
  judge_patterns(brought);
}

void Board::take_bars(Parser& parser, const std::string& instrument, bool is_snapshot,
                      Brought& brought) {
  const auto at = rows_.find(instrument);
  if (at == rows_.end()) return;
  for (const dom::element about : parser.data()) {
    WatchedBar bar = bar_of(about);
    // What was before is history; a bar that changes is told of each time.
    if (!is_snapshot) brought.changes.push_back({.instrument = instrument, .bar = bar});
    if (bar.start >= at->second.bar.start) at->second.bar = std::move(bar);
  }
}

}  // namespace tapeline::app::watch
