// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_advanced_feed.h"

#include <algorithm>
#include <utility>

#include "sim/dialect/client_fields.h"
#include "sim/dialect/coinbase_advanced_text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kTradesName = "market_trades";
constexpr std::string_view kTickerName = "ticker";
constexpr std::string_view kHeartbeatsName = "heartbeats";

Frame failure(std::string_view message, EventTime at) {
  std::string text = R"({"type":"error","message":")";
  append_json_text(text, message);
  return {.kind = FrameKind::kControl, .at = at, .text = text + "\"}"};
}

std::string ticker_text(const Instrument& instrument, const Fill& fill) {
  const int price = instrument.price_places;
  const int size = instrument.size_places;
  FrameText text;
  text.put(R"({"type":"update","tickers":[{"type":"ticker","product_id":")");
  text.put(instrument.canonical()).put(R"(","price":")").exact(fill.price, price);
  text.put(R"(","best_bid":")").fixed(fill.book.bid, price);
  text.put(R"(","best_bid_quantity":")").fixed(fill.book.bid_size, size);
  text.put(R"(","best_ask":")").fixed(fill.book.ask, price);
  text.put(R"(","best_ask_quantity":")").fixed(fill.book.ask_size, size).put(R"("}]})");
  return text.take();
}

}  // namespace

void CoinbaseAdvancedFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  const auto type = text_at(text, "/type");
  const auto channel = text_at(text, "/channel");
  const bool is_wanted = type == "subscribe";
  if (!channel || (!is_wanted && type != "unsubscribe")) {
    out.push_back(failure("invalid message", now));
    return;
  }
  const auto products = texts_at(text, "/product_ids").value_or(std::vector<std::string>{});
  if (!change(*channel, products, is_wanted, now, out)) return;
  has_subscribed_ = true;
  out.push_back({.kind = FrameKind::kControl,
                 .at = now,
                 .text = envelope("subscriptions", now, acknowledged())});
}

// False: it was refused.
bool CoinbaseAdvancedFeed::change(std::string_view channel,
                                  const std::vector<std::string>& products, bool is_wanted,
                                  EventTime now, Frames& out) {
  if (channel == kHeartbeatsName) {
    has_heartbeats_ = is_wanted;
    return true;
  }
  if (channel != kTradesName && channel != kTickerName) {
    out.push_back(failure("authentication failure", now));
    return false;
  }
  const auto& rows = truth_.instruments();
  std::vector<std::size_t> found;
  for (const std::string& name : products) {
    const auto at = std::find_if(rows.begin(), rows.end(),
                                 [&name](const auto& row) { return row.canonical() == name; });
    if (at == rows.end()) {
      out.push_back(failure("invalid product_id", now));
      return false;
    }
    found.push_back(static_cast<std::size_t>(at - rows.begin()));
  }
  const Channel index = channel == kTradesName ? kMarketTrades : kTickers;
  for (const std::size_t product : found) {
    const bool is_new = is_wanted && !products_[product][index];
    products_[product][index] = is_wanted;
    if (is_new && index == kMarketTrades) add_snapshot(product, now, out);
  }
  return true;
}

void CoinbaseAdvancedFeed::add_snapshot(std::size_t product, EventTime now, Frames& out) {
  const TradeHistory& history = truth_.history(product);
  if (history.empty()) return;
  const std::uint64_t count = std::min<std::uint64_t>(kSnapshotTrades, history.size());
  const std::uint64_t first = history.end_id() - count;
  std::string rows;
  for (std::uint64_t id = history.end_id(); id > first; --id) {
    rows += rows.empty() ? "" : ",";
    rows += advanced_trade(truth_.instruments()[product], id - 1, history.at(id - 1)) + "}";
  }
  out.push_back(
      {.stream = Stream::kTrades,
       .instrument = static_cast<std::uint32_t>(product),
       .at = now,
       .first_id = first,
       .last_id = history.end_id() - 1,
       .text = envelope(kTradesName, now, R"({"type":"snapshot","trades":[)" + rows + "]}")});
}

std::string CoinbaseAdvancedFeed::acknowledged() const {
  std::string lists = has_heartbeats_ ? R"("heartbeats":["heartbeats"])" : "";
  for (const auto& [channel, name] :
       {std::pair{kMarketTrades, kTradesName}, {kTickers, kTickerName}}) {
    std::string names;
    for (std::size_t i = 0; i < products_.size(); ++i) {
      if (!products_[i][channel]) continue;
      names += (names.empty() ? "\"" : ",\"") + truth_.instruments()[i].canonical() + "\"";
    }
    if (names.empty()) continue;
    lists += (lists.empty() ? "\"" : ",\"") + std::string(name) + "\":[" + names + "]";
  }
  return R"({"subscriptions":{)" + lists + "}}";
}

std::string CoinbaseAdvancedFeed::envelope(std::string_view channel, EventTime at,
                                           const std::string& events) {
  FrameText text;
  text.put(R"({"channel":")").put(channel).put(R"(","client_id":"","timestamp":")").utc(at);
  text.put(R"(","sequence_num":)").number(sequence_++).put(R"(,"events":[)").put(events).put("]}");
  return text.take();
}

void CoinbaseAdvancedFeed::on_fill(const Fill& fill, Frames& out) {
  const Instrument& instrument = truth_.instruments()[fill.instrument];
  const auto& channels = products_[fill.instrument];
  if (channels[kMarketTrades]) {
    if (rows_.empty()) first_id_ = fill.id;
    const std::string row = advanced_trade(instrument, fill.id,
                                           {.ts_event = fill.ts_event,
                                            .price = fill.price,
                                            .size = fill.size,
                                            .taker_buys = fill.taker_buys}) +
                            "}";
    rows_ = row + (rows_.empty() ? "" : ",") + rows_;
  }
  if (!fill.ends_order) return;
  Frame frame{.instrument = fill.instrument, .at = fill.ts_event};
  if (channels[kMarketTrades]) {
    frame.stream = Stream::kTrades;
    frame.first_id = first_id_;
    frame.last_id = fill.id;
    frame.text = envelope(kTradesName, fill.ts_event,
                          R"({"type":"update","trades":[)" + std::exchange(rows_, {}) + "]}");
    out.push_back(frame);
  }
  if (!channels[kTickers]) return;
  frame.stream = Stream::kQuotes;
  frame.first_id = frame.last_id = 0;
  frame.text = envelope(kTickerName, fill.ts_event, ticker_text(instrument, fill));
  out.push_back(std::move(frame));
}

void CoinbaseAdvancedFeed::on_second(EventTime second, Frames& out) {
  if (!has_subscribed_ && second - opened_ >= kSubscribeWithin) {
    out.push_back({.kind = FrameKind::kClose, .at = second, .text = "no subscription within 5 s"});
    return;
  }
  if (!has_heartbeats_) return;
  FrameText text;
  text.put(R"({"current_time":"")").put(R"(,"heartbeat_counter":)").number(++beats_).put("}");
  out.push_back({.stream = Stream::kHeartbeats,
                 .at = second,
                 .text = envelope(kHeartbeatsName, second, text.take())});
}

bool CoinbaseAdvancedFeed::has(std::uint32_t instrument, Stream stream) const {
  switch (stream) {
    case Stream::kTrades:
      return products_[instrument][kMarketTrades];
    case Stream::kQuotes:
      return products_[instrument][kTickers];
    case Stream::kHeartbeats:
      return has_heartbeats_;
    case Stream::kAggregates:
      return false;
  }
  return false;
}

}  // namespace tapeline::sim
