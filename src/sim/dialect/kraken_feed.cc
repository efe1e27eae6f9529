// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/kraken_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/dialect/kraken_text.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

enum : std::size_t { kKrakenTrade, kKrakenTicker };
constexpr std::array<std::string_view, 2> kKrakenChannels{"trade", "ticker"};

std::size_t kraken_channel(std::string_view name) {
  const auto* const at = std::find(kKrakenChannels.begin(), kKrakenChannels.end(), name);
  return static_cast<std::size_t>(at - kKrakenChannels.begin());
}

Frame kraken_control(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

// The end of an answer: the request's id and two times.
std::string answered(const KrakenMessage& message, EventTime now) {
  std::string text = message.id.empty() ? "" : fmt::format(R"(,"req_id":{})", message.id);
  text += R"(,"time_in":")";
  append_utc(text, now.unix_ns(), 6);
  text += R"(","time_out":")";
  append_utc(text, now.unix_ns(), 6);
  return text += "\"}";
}

Frame kraken_refused(const KrakenMessage& message, std::string_view error, std::string_view symbol,
                     EventTime now) {
  std::string text = R"({"error":")";
  append_json_text(text, error);
  fmt::format_to(std::back_inserter(text), R"(","method":"{}","success":false)", message.method);
  if (!symbol.empty()) {
    text += R"(,"symbol":")";
    append_json_text(text, symbol);
    text += '"';
  }
  return kraken_control(text + answered(message, now), now);
}

struct KrakenRow {
  bool taker_buys = false;
  EventTime at;
  std::uint64_t id = 0;
  std::uint64_t aggregate_id = 0;
  std::int64_t price = 0;
  std::int64_t size = 0;
};

// Numbers are written with all the places of their instrument, as the venue does.
void put_kraken_row(FrameText& text, const Instrument& row, const KrakenRow& trade) {
  text.put(R"({"symbol":")").put(row.base).put("/").put(row.quote);
  text.put(R"(","side":")").put(trade.taker_buys ? "buy" : "sell");
  text.put(R"(","price":)").fixed(trade.price, row.price_places);
  text.put(R"(,"qty":)").fixed(trade.size, row.size_places);
  text.put(R"(,"ord_type":")").put(trade.aggregate_id % 3 == 0 ? "limit" : "market");
  text.put(R"(","trade_id":)").number(trade.id);
  text.put(R"(,"timestamp":")").utc(trade.at).put(R"("})");
}

}  // namespace

void KrakenFeed::greet(EventTime now, Frames& out) {
  if (has_greeted_) return;
  has_greeted_ = true;
  out.push_back(kraken_control(R"({"channel":"status","data":[{"api_version":"v2",)"
                               R"("connection_id":13834774380200032777,"system":"online",)"
                               R"("version":"2.0.0"}],"type":"update"})",
                               now));
}

void KrakenFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  greet(now, out);
  if (now - messages_since_ >= std::chrono::seconds(1)) {
    messages_since_ = now;
    messages_ = 0;
  }
  const auto message = read_kraken_message(text);
  if (!message) {
    out.push_back(kraken_control(R"({"error":"Malformed request","success":false})", now));
  } else if (++messages_ > kMessagesMax) {
    out.push_back(kraken_refused(*message, "Exceeded msg rate", "", now));
  } else if (message->method == "ping") {
    out.push_back(kraken_control(R"({"method":"pong")" + answered(*message, now), now));
  } else if (message->method != "subscribe" && message->method != "unsubscribe") {
    out.push_back(kraken_refused(*message, "Method not supported", "", now));
  } else if (kraken_channel(message->channel) == kChannels) {
    out.push_back(kraken_refused(*message, "Channel not supported", "", now));
  } else if (message->symbols.empty()) {
    out.push_back(kraken_refused(*message, "Symbol(s) not found", "", now));
  } else {
    for (const std::string& symbol : message->symbols) {
      answer(*message, kraken_channel(message->channel), symbol, now, out);
    }
  }
}

void KrakenFeed::answer(const KrakenMessage& message, std::size_t channel,
                        const std::string& symbol, EventTime now, Frames& out) {
  const std::size_t pair = pair_of(symbol);
  const bool is_subscribing = message.method == "subscribe";
  if (pair == pairs_.size()) {
    return out.push_back(
        kraken_refused(message, "Currency pair not supported " + symbol, symbol, now));
  }
  bool& is_subscribed = pairs_[pair].channels[channel];
  if (is_subscribed == is_subscribing) {
    const std::string_view error =
        is_subscribing ? "Already subscribed to one feed on this symbol" : "Subscription not found";
    return out.push_back(kraken_refused(message, error, symbol, now));
  }
  is_subscribed = is_subscribing;
  has_subscribed_ = has_subscribed_ || is_subscribing;
  out.push_back(kraken_control(
      fmt::format(R"({{"method":"{}","result":{{"channel":"{}","snapshot":{},"symbol":"{}"}},)"
                  R"("success":true)",
                  message.method, message.channel, message.wants_snapshot, symbol) +
          answered(message, now),
      now));
  if (is_subscribing && channel == kKrakenTrade && message.wants_snapshot)
    show_latest(pair, now, out);
  if (is_subscribing && channel == kKrakenTicker && !truth_.history(pair).empty()) {
    append_ticker(truth_.history(pair).last(), out);
    out.back().at = now;
  }
}

void KrakenFeed::show_latest(std::size_t pair, EventTime now, Frames& out) const {
  const TradeHistory& history = truth_.history(pair);
  if (history.empty()) return;
  const std::uint64_t end = history.end_id();
  const std::uint64_t first = end - std::min<std::uint64_t>(history.size(), kSnapshotTrades);
  FrameText text;
  text.put(R"({"channel":"trade","type":"snapshot","data":[)");
  for (std::uint64_t id = first; id < end; ++id) {
    const TruthTrade& trade = history.at(id);
    if (id != first) text.put(",");
    put_kraken_row(
        text, truth_.instruments()[pair],
        {trade.taker_buys, trade.ts_event, id, trade.aggregate_id, trade.price, trade.size});
  }
  text.put("]}");
  out.push_back({.stream = Stream::kTrades,
                 .instrument = static_cast<std::uint32_t>(pair),
                 .at = now,
                 .first_id = first,
                 .last_id = end - 1,
                 .text = text.take()});
}

std::size_t KrakenFeed::pair_of(std::string_view symbol) const {
  const auto& rows = truth_.instruments();
  const auto at = std::find_if(rows.begin(), rows.end(), [symbol](const Instrument& row) {
    return kraken_symbol(row) == symbol;
  });
  return static_cast<std::size_t>(at - rows.begin());
}

void KrakenFeed::on_fill(const Fill& fill, Frames& out) {
  Pair& pair = pairs_[fill.instrument];
  if (pair.channels[kKrakenTrade]) {
    if (pair.first_id == 0) {
      pair.first_id = fill.id;
      pair.rows.put(R"({"channel":"trade","type":"update","data":[)");
    } else {
      pair.rows.put(",");
    }
    put_kraken_row(
        pair.rows, truth_.instruments()[fill.instrument],
        {fill.taker_buys, fill.ts_event, fill.id, fill.aggregate_id, fill.price, fill.size});
    if (fill.ends_order) {
      out.push_back({.stream = Stream::kTrades,
                     .instrument = fill.instrument,
                     .at = fill.ts_event,
                     .first_id = std::exchange(pair.first_id, 0),
                     .last_id = fill.id,
                     .text = std::exchange(pair.rows, {}).put("]}").take()});
    }
  }
  if (pair.channels[kKrakenTicker] && fill.ends_order) append_ticker(fill, out);
}

void KrakenFeed::append_ticker(const Fill& fill, Frames& out) const {
  const Instrument& row = truth_.instruments()[fill.instrument];
  const int price = row.price_places;
  FrameText text;
  text.put(R"({"channel":"ticker","type":"update","data":[{"symbol":")");
  text.put(row.base).put("/").put(row.quote);
  text.put(R"(","bid":)").fixed(fill.book.bid, price);
  text.put(R"(,"bid_qty":)").fixed(fill.book.bid_size, row.size_places);
  text.put(R"(,"ask":)").fixed(fill.book.ask, price);
  text.put(R"(,"ask_qty":)").fixed(fill.book.ask_size, row.size_places);
  text.put(R"(,"last":)").fixed(fill.price, price);
  text.put(R"(,"volume":)").fixed(fill.day.volume, row.size_places);
  text.put(R"(,"low":)").fixed(fill.day.low, price);
  text.put(R"(,"high":)").fixed(fill.day.high, price);
  text.put(R"(,"change":)").fixed(fill.price - fill.day.open, price);
  text.put(R"(,"timestamp":")").utc(fill.ts_event).put(R"("}]})");
  out.push_back({.stream = Stream::kQuotes,
                 .instrument = fill.instrument,
                 .at = fill.ts_event,
                 .text = text.take()});
}

void KrakenFeed::on_second(EventTime second, Frames& out) {
  greet(second, out);
  if (!has_subscribed_) return;
  out.push_back(
      {.stream = Stream::kHeartbeats, .at = second, .text = R"({"channel":"heartbeat"})"});
}

bool KrakenFeed::has(std::uint32_t instrument, Stream stream) const {
  const Pair& pair = pairs_[instrument];
  if (stream == Stream::kTrades) return pair.channels[kKrakenTrade];
  return stream == Stream::kQuotes && pair.channels[kKrakenTicker];
}

}  // namespace tapeline::sim
