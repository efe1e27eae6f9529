// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/binance_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/dialect/binance_text.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

enum : std::size_t { kTrade, kAggTrade, kBookTicker };
constexpr std::array<std::string_view, 3> kKindNames{"trade", "aggTrade", "bookTicker"};
constexpr std::array<Stream, 3> kStreamOf{Stream::kTrades, Stream::kAggregates, Stream::kQuotes};

Frame control_frame(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

std::string refused(std::string_view why, std::string_view id) {
  return fmt::format(R"({{"code":2,"msg":"Invalid request: {}","id":{}}})", why, id);
}

// Calls on_stream for each name of "a/b/c".
template <typename OnStream>
void for_each_stream(std::string_view list, OnStream on_stream) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('/'), list.size());
    on_stream(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

std::uint64_t trade_ms(const Fill& fill) {
  return static_cast<std::uint64_t>(unix_ms(fill.ts_event));
}

// The venue sends a few milliseconds after the trade; never the same number of them.
std::uint64_t sent_ms(const Fill& fill) { return trade_ms(fill) + fill.id % 4; }

void put_eight(FrameText& text, std::string_view key, std::int64_t units, int places) {
  text.put(key).put(eight_places(units, places));
}

void put_price_and_size(FrameText& text, const Instrument& row, std::int64_t price,
                        std::int64_t size) {
  put_eight(text, R"(,"p":")", price, row.price_places);
  put_eight(text, R"(","q":")", size, row.size_places);
}

void put_time_and_maker(FrameText& text, const Fill& fill) {
  text.put(R"(,"T":)").number(trade_ms(fill)).put(R"(,"m":)").truth(!fill.taker_buys);
  text.put(R"(,"M":true})");
}

void put_trade(FrameText& text, const Instrument& row, const Fill& fill) {
  text.put(R"({"e":"trade","E":)").number(sent_ms(fill));
  text.put(R"(,"s":")").put(row.base).put(row.quote).put(R"(","t":)").number(fill.id);
  put_price_and_size(text, row, fill.price, fill.size);
  put_time_and_maker(text.put("\""), fill);
}

void put_aggregate(FrameText& text, const Instrument& row, const Fill& fill) {
  text.put(R"({"e":"aggTrade","E":)").number(sent_ms(fill));
  text.put(R"(,"s":")").put(row.base).put(row.quote).put(R"(","a":)").number(fill.aggregate_id);
  put_price_and_size(text, row, fill.price, fill.aggregate_size);
  text.put(R"(","f":)").number(fill.aggregate_first).put(R"(,"l":)").number(fill.id);
  put_time_and_maker(text, fill);
}

void put_book(FrameText& text, const Instrument& row, const Fill& fill) {
  const TopOfBook& book = fill.book;
  text.put(R"({"u":)").number(book.id).put(R"(,"s":")").put(row.base).put(row.quote);
  put_eight(text, R"(","b":")", book.bid, row.price_places);
  put_eight(text, R"(","B":")", book.bid_size, row.size_places);
  put_eight(text, R"(","a":")", book.ask, row.price_places);
  put_eight(text, R"(","A":")", book.ask_size, row.size_places);
  text.put(R"("})");
}

}  // namespace

std::unique_ptr<BinanceFeed> BinanceFeed::open(std::string_view target, const Truth& truth,
                                               EventTime now) {
  const Target parts(target);
  const bool is_combined = parts.path() == "/stream";
  const bool is_raw = parts.path() == "/ws" || parts.path().starts_with("/ws/");
  if (!is_combined && !is_raw) return nullptr;
  if (is_combined ? parts.unknown({"streams"}).has_value() : !parts.parameters().empty()) {
    return nullptr;
  }
  std::unique_ptr<BinanceFeed> feed(new BinanceFeed(truth, now, is_combined));
  const std::string_view streams = is_combined
                                       ? parts.find("streams").value_or("")
                                       : parts.path().substr(std::string_view("/ws").size());
  for_each_stream(streams, [&](std::string_view stream) { feed->set(stream, true); });
  return feed;
}

BinanceFeed::BinanceFeed(const Truth& truth, EventTime opened, bool is_combined)
    : truth_(truth), opened_(opened), is_combined_(is_combined), messages_since_(opened) {
  for (const Instrument& row : truth.instruments()) {
    names_.push_back(lower_case(row.base + row.quote));
  }
  subscribed_.resize(names_.size());
}

void BinanceFeed::set(std::string_view stream, bool is_on) {
  const std::size_t at = std::min(stream.find('@'), stream.size());
  const auto name = std::find(names_.begin(), names_.end(), stream.substr(0, at));
  const auto* const kind = std::find(kKindNames.begin(), kKindNames.end(),
                                     stream.substr(std::min(at + 1, stream.size())));
  if (name == names_.end() || kind == kKindNames.end()) return;
  subscribed_[static_cast<std::size_t>(name - names_.begin())]
             [static_cast<std::size_t>(kind - kKindNames.begin())] = is_on;
}

void BinanceFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  if (now - messages_since_ >= std::chrono::seconds(1)) {
    messages_since_ = now;
    messages_ = 0;
  }
  if (++messages_ > kMessagesMax) {
    out.push_back({.kind = FrameKind::kClose, .at = now, .text = "Too many requests"});
    return;
  }
  const auto message = read_binance_message(text);
  std::string answer;
  if (!message) {
    answer = R"({"code":3,"msg":"Invalid JSON: expected an object with method, params and id"})";
  } else if (message->method == "LIST_SUBSCRIPTIONS") {
    answer = fmt::format(R"({{"result":[{}],"id":{}}})", list(), message->id);
  } else if (message->method != "SUBSCRIBE" && message->method != "UNSUBSCRIBE") {
    answer = refused("unknown method, expected one of SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS",
                     message->id);
  } else if (message->params.empty()) {
    answer = refused("params must have at least one stream", message->id);
  } else {
    for (const std::string& stream : message->params) set(stream, message->method == "SUBSCRIBE");
    answer = fmt::format(R"({{"result":null,"id":{}}})", message->id);
  }
  out.push_back(control_frame(std::move(answer), now));
}

std::string BinanceFeed::list() const {
  std::string list;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      if (!subscribed_[i][kind]) continue;
      list += fmt::format(R"({}"{}@{}")", list.empty() ? "" : ",", names_[i], kKindNames[kind]);
    }
  }
  return list;
}

void BinanceFeed::on_fill(const Fill& fill, Frames& out) {
  const Kinds& kinds = subscribed_[fill.instrument];
  if (kinds[kTrade]) append(fill, kTrade, out);
  if (kinds[kAggTrade] && fill.ends_aggregate) append(fill, kAggTrade, out);
  if (kinds[kBookTicker] && fill.ends_order) append(fill, kBookTicker, out);
}

void BinanceFeed::append(const Fill& fill, std::size_t kind, Frames& out) const {
  const Instrument& row = truth_.instruments()[fill.instrument];
  Frame frame{.stream = kStreamOf[kind], .instrument = fill.instrument, .at = fill.ts_event};
  FrameText text;
  if (is_combined_) {
    text.put(R"({"stream":")").put(names_[fill.instrument]).put("@").put(kKindNames[kind]);
    text.put(R"(","data":)");
  }
  if (kind == kTrade) {
    frame.first_id = frame.last_id = fill.id;
    put_trade(text, row, fill);
  } else if (kind == kAggTrade) {
    frame.first_id = fill.aggregate_first;
    frame.last_id = fill.id;
    put_aggregate(text, row, fill);
  } else {
    put_book(text, row, fill);
  }
  if (is_combined_) text.put("}");
  frame.text = text.take();
  out.push_back(std::move(frame));
}

void BinanceFeed::on_second(EventTime second, Frames& out) {
  const Duration age = second - opened_;
  if (age >= kLifetime) {
    out.push_back({.kind = FrameKind::kClose, .at = second, .text = "a day is over"});
    return;
  }
  // Asked once a second, so each multiple lies within exactly one of them.
  const bool is_due = age / kPingEvery != (age - std::chrono::seconds(1)) / kPingEvery;
  if (!is_due || age < kPingEvery) return;
  out.push_back({.kind = FrameKind::kPing, .at = second, .text = std::to_string(unix_ms(second))});
}

bool BinanceFeed::has(std::uint32_t instrument, Stream stream) const {
  const Kinds& kinds = subscribed_[instrument];
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (kStreamOf[kind] == stream) return kinds[kind];
  }
  return false;
}

}  // namespace tapeline::sim
