// SPDX-License-Identifier: Apache-2.0
#include "app/watch/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

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

// What may stand in a message as it is.
bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
  });
}

std::string subscribe_to(std::string_view topic) {
  return fmt::format(R"({{"op":"subscribe","topics":["{}"]}})", topic);
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

Board::Board(std::vector<std::string> patterns, std::string interval)
    : patterns_(std::move(patterns)),
      interval_(std::move(interval)),
      parser_(std::make_unique<Parser>()) {}

Board::~Board() = default;

bool Board::is_wanted(std::string_view instrument) const {
  return is_plain_name(instrument) &&
         (patterns_.empty() ||
          std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
            return matches_pattern(pattern, instrument);
          }));
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
    is_simulated_ = text_of(parser.root, "mode") == "simulated";
    brought.replies.push_back(subscribe_to("prices"));
  } else if (type == "error") {
    brought.problem = text_of(parser.root, "error");
  } else if (type == "snapshot" || type == "update") {
    take_topic(parser, brought);
  }
  return brought;
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
  if (topic == "prices") return take_prices(parser, is_snapshot, brought);
  constexpr std::string_view kBars = "bars:";
  const std::string tail = ":" + interval_;
  if (!topic.starts_with(kBars) || !topic.ends_with(tail)) return;
  const std::size_t length = topic.size() - kBars.size() - tail.size();
  take_bars(parser, topic.substr(kBars.size(), length), is_snapshot, brought);
}

void Board::take_prices(Parser& parser, bool /*is_snapshot*/, Brought& brought) {
  for (const dom::element about : parser.data()) {
    const std::string name = text_of(about, "instrument");
    if (!is_wanted(name)) continue;
    const auto [at, is_new] = rows_.try_emplace(name);
    WatchedInstrument& row = at->second;
    if (is_new && rows_.size() < kTopicsMax) {
      brought.replies.push_back(subscribe_to(fmt::format("bars:{}:{}", name, interval_)));
    }
    row.quality = text_of(about, "quality");
    row.missing = count_of(about, "missing_ids");
    row.trades_per_second = number_of(about, "trades_per_second");
    if (dom::element change; about["change"].get(change) == simdjson::SUCCESS) {
      if (change.is_object()) row.from = text_of(change, "from");
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
