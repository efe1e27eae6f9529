// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/dialect/frame_text.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

enum : std::size_t { kMatches, kTicker, kHeartbeat };
constexpr std::array<std::string_view, 3> kChannelNames{"matches", "ticker", "heartbeat"};
constexpr std::array<std::string_view, 4> kChannelsWithKey{"level2", "level3", "full", "user"};

std::size_t channel_of(std::string_view name) {
  const auto* const at = std::find(kChannelNames.begin(), kChannelNames.end(), name);
  return static_cast<std::size_t>(at - kChannelNames.begin());
}

Frame control(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

std::string error_text(std::string_view message, std::string_view reason) {
  std::string text = R"({"type":"error","message":")";
  append_json_text(text, message);
  if (!reason.empty()) {
    text += R"(","reason":")";
    append_json_text(text, reason);
  }
  return text += "\"}";
}

// An id of 36 characters, another for every order.
void put_order_id(FrameText& text, const Fill& fill, std::uint64_t order) {
  text.hex(fill.instrument + 0x5EED0000ULL, 8).put("-").hex(order >> 48, 4).put("-4000-8000-");
  text.hex(order & 0xFFFFFFFFFFFFULL, 12);
}

Frame frame_of(Stream stream, const Fill& fill) {
  return {.kind = FrameKind::kData,
          .stream = stream,
          .instrument = fill.instrument,
          .at = fill.ts_event};
}

// `type` is match or last_match. The side is the maker's.
Frame match_frame(std::string_view type, const Instrument& instrument, const Fill& fill) {
  FrameText text;
  text.put(R"({"type":")").put(type).put(R"(","trade_id":)").number(fill.id);
  put_order_id(text.put(R"(,"maker_order_id":")"), fill, fill.maker_order);
  put_order_id(text.put(R"(","taker_order_id":")"), fill, fill.taker_order);
  text.put(R"(","side":")").put(fill.taker_buys ? "sell" : "buy");
  text.put(R"(","size":")").exact(fill.size, instrument.size_places);
  text.put(R"(","price":")").exact(fill.price, instrument.price_places);
  text.put(R"(","product_id":")").put(instrument.base).put("-").put(instrument.quote);
  text.put(R"(","sequence":)").number(fill.sequence);
  text.put(R"(,"time":")").utc(fill.ts_event).put(R"("})");
  Frame frame = frame_of(Stream::kTrades, fill);
  frame.first_id = frame.last_id = fill.id;
  frame.text = text.take();
  return frame;
}

// The side is the taker's.
Frame ticker_frame(const Instrument& instrument, const Fill& fill) {
  const int price = instrument.price_places;
  const int size = instrument.size_places;
  FrameText text;
  text.put(R"({"type":"ticker","sequence":)").number(fill.sequence);
  text.put(R"(,"product_id":")").put(instrument.base).put("-").put(instrument.quote);
  text.put(R"(","price":")").exact(fill.price, price);
  text.put(R"(","open_24h":")").exact(fill.day.open, price);
  text.put(R"(","volume_24h":")").fixed(fill.day.volume, size);
  text.put(R"(","low_24h":")").exact(fill.day.low, price);
  text.put(R"(","high_24h":")").exact(fill.day.high, price);
  text.put(R"(","volume_30d":")").fixed(fill.day.volume, size);
  text.put(R"(","best_bid":")").fixed(fill.book.bid, price);
  text.put(R"(","best_bid_size":")").fixed(fill.book.bid_size, size);
  text.put(R"(","best_ask":")").fixed(fill.book.ask, price);
  text.put(R"(","best_ask_size":")").fixed(fill.book.ask_size, size);
  text.put(R"(","side":")").put(fill.taker_buys ? "buy" : "sell");
  text.put(R"(","time":")").utc(fill.ts_event).put(R"(","trade_id":)").number(fill.id);
  text.put(R"(,"last_size":")").exact(fill.size, size).put(R"("})");
  Frame frame = frame_of(Stream::kQuotes, fill);
  frame.text = text.take();
  return frame;
}

}  // namespace

void CoinbaseFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  const auto message = read_coinbase_message(text);
  if (!message) {
    out.push_back(control(error_text("Malformed JSON", ""), now));
    return;
  }
  if (message->type != "subscribe" && message->type != "unsubscribe") {
    out.push_back(control(error_text("Type has to be either subscribe or unsubscribe", ""), now));
    return;
  }
  if (const std::string mistake = mistake_in(*message); !mistake.empty()) {
    out.push_back(control(error_text("Failed to " + message->type, mistake), now));
    return;
  }
  for (const auto& channel : message->channels) {
    if (message->type == "unsubscribe") {
      unsubscribe(channel);
      continue;
    }
    has_subscribed_ = true;
    for (const std::string& name : channel.products) {
      subscribe(channel_of(channel.name), product_of(name), now, out);
    }
  }
  out.push_back(control(acknowledgement(), now));
}

std::string CoinbaseFeed::mistake_in(const CoinbaseMessage& message) const {
  if (message.channels.empty()) return "No channels provided";
  for (const auto& channel : message.channels) {
    if (std::find(kChannelsWithKey.begin(), kChannelsWithKey.end(), channel.name) !=
        kChannelsWithKey.end()) {
      return "level2, level3, and full channels now require authentication. "
             "https://docs.cloud.coinbase.com/exchange/docs/websocket-auth";
    }
    if (channel_of(channel.name) == kChannelNames.size()) {
      return channel.name + " is not a valid channel";
    }
    if (channel.products.empty() && message.type == "subscribe") {
      return "You need to specify at least one product ID for channel " + channel.name;
    }
    for (const std::string& product : channel.products) {
      if (product_of(product) == products_.size()) return product + " is not a valid product";
    }
  }
  return {};
}

void CoinbaseFeed::subscribe(std::size_t channel, std::size_t product, EventTime now, Frames& out) {
  if (products_[product][channel]) return;
  products_[product][channel] = true;
  const TradeHistory& history = truth_.history(product);
  if (channel == kHeartbeat || history.empty()) return;
  const Instrument& instrument = truth_.instruments()[product];
  out.push_back(channel == kMatches ? match_frame("last_match", instrument, history.last())
                                    : ticker_frame(instrument, history.last()));
  out.back().at = now;
}

// Without products the whole channel goes.
void CoinbaseFeed::unsubscribe(const CoinbaseMessage::Channel& channel) {
  const std::size_t index = channel_of(channel.name);
  for (std::size_t product = 0; product < products_.size(); ++product) {
    const std::string name = truth_.instruments()[product].canonical();
    const auto& listed = channel.products;
    if (listed.empty() || std::find(listed.begin(), listed.end(), name) != listed.end()) {
      products_[product][index] = false;
    }
  }
}

std::string CoinbaseFeed::acknowledgement() const {
  std::string channels;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    std::string names;
    for (std::size_t product = 0; product < products_.size(); ++product) {
      if (!products_[product][channel]) continue;
      names += fmt::format(R"({}"{}")", names.empty() ? "" : ",",
                           truth_.instruments()[product].canonical());
    }
    if (names.empty()) continue;
    channels += fmt::format(R"({}{{"name":"{}","product_ids":[{}]}})", channels.empty() ? "" : ",",
                            kChannelNames[channel], names);
  }
  return fmt::format(R"({{"type":"subscriptions","channels":[{}]}})", channels);
}

std::size_t CoinbaseFeed::product_of(std::string_view name) const {
  const auto& instruments = truth_.instruments();
  const auto at = std::find_if(instruments.begin(), instruments.end(),
                               [name](const auto& row) { return row.canonical() == name; });
  return static_cast<std::size_t>(at - instruments.begin());
}

void CoinbaseFeed::on_fill(const Fill& fill, Frames& out) {
  const Channels& channels = products_[fill.instrument];
  const Instrument& instrument = truth_.instruments()[fill.instrument];
  if (channels[kMatches]) out.push_back(match_frame("match", instrument, fill));
  // Trades of one order are shown as one change of the ticker.
  if (channels[kTicker] && fill.ends_order) out.push_back(ticker_frame(instrument, fill));
}

void CoinbaseFeed::on_second(EventTime second, Frames& out) {
  if (!has_subscribed_ && second - opened_ >= kSubscribeWithin) {
    out.push_back({.kind = FrameKind::kClose, .at = second, .text = "no subscription within 5 s"});
    return;
  }
  for (std::size_t product = 0; product < products_.size(); ++product) {
    if (!products_[product][kHeartbeat]) continue;
    const TradeHistory& history = truth_.history(product);
    Frame frame{.stream = Stream::kHeartbeats,
                .instrument = static_cast<std::uint32_t>(product),
                .at = second};
    FrameText text;
    text.put(R"({"type":"heartbeat","last_trade_id":)").number(history.last().id);
    text.put(R"(,"product_id":")").put(truth_.instruments()[product].canonical());
    text.put(R"(","sequence":)").number(history.last().sequence);
    text.put(R"(,"time":")").utc(second).put(R"("})");
    frame.text = text.take();
    out.push_back(std::move(frame));
  }
}

bool CoinbaseFeed::has(std::uint32_t instrument, Stream stream) const {
  const Channels& channels = products_[instrument];
  switch (stream) {
    case Stream::kTrades:
      return channels[kMatches];
    case Stream::kQuotes:
      return channels[kTicker];
    case Stream::kHeartbeats:
      return channels[kHeartbeat];
    case Stream::kAggregates:
      return false;
  }
  return false;
}

}  // namespace tapeline::sim
