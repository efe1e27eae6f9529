// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/okx_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/dialect/frame_text.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

enum : std::size_t { kOkxTrades, kOkxTickers };
constexpr std::array<std::string_view, 2> kOkxChannels{"trades", "tickers"};

std::size_t okx_channel(std::string_view name) {
  const auto* const at = std::find(kOkxChannels.begin(), kOkxChannels.end(), name);
  return static_cast<std::size_t>(at - kOkxChannels.begin());
}

Frame okx_control(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

// {"id":"7", - or nothing of it.
std::string okx_front(const OkxMessage& message) {
  return message.id.empty() ? "{" : fmt::format(R"({{"id":"{}",)", message.id);
}

Frame okx_error(const OkxMessage& message, int code, std::string_view why, EventTime now) {
  std::string text = okx_front(message);
  fmt::format_to(std::back_inserter(text), R"("event":"error","code":"{}","msg":")", code);
  append_json_text(text, why);
  return okx_control(text + R"(","connId":"a4d3ae55"})", now);
}

std::uint64_t okx_ms(EventTime time) {
  return static_cast<std::uint64_t>(time.unix_ns() / 1'000'000);
}

void put_okx_trade(FrameText& text, const Instrument& row, const Fill& fill) {
  text.put(R"({"instId":")").put(row.base).put("-").put(row.quote);
  text.put(R"(","tradeId":")").number(fill.id);
  text.put(R"(","px":")").exact(fill.price, row.price_places);
  text.put(R"(","sz":")").exact(fill.aggregate_size, row.size_places);
  text.put(R"(","side":")").put(fill.taker_buys ? "buy" : "sell");
  text.put(R"(","ts":")").number(okx_ms(fill.ts_event));
  text.put(R"(","count":")").number(fill.id - fill.aggregate_first + 1);
  text.put(R"(","source":"0","seqId":)").number(fill.sequence).put("}");
}

void put_okx_ticker(FrameText& text, const Instrument& row, const Fill& fill) {
  const int price = row.price_places;
  const int size = row.size_places;
  text.put(R"({"instType":"SPOT","instId":")").put(row.base).put("-").put(row.quote);
  text.put(R"(","last":")").exact(fill.price, price);
  text.put(R"(","lastSz":")").exact(fill.size, size);
  text.put(R"(","askPx":")").exact(fill.book.ask, price);
  text.put(R"(","askSz":")").exact(fill.book.ask_size, size);
  text.put(R"(","bidPx":")").exact(fill.book.bid, price);
  text.put(R"(","bidSz":")").exact(fill.book.bid_size, size);
  text.put(R"(","open24h":")").exact(fill.day.open, price);
  text.put(R"(","high24h":")").exact(fill.day.high, price);
  text.put(R"(","low24h":")").exact(fill.day.low, price);
  text.put(R"(","vol24h":")").exact(fill.day.volume, size);
  text.put(R"(","ts":")").number(okx_ms(fill.ts_event)).put(R"("})");
}

}  // namespace

void OkxFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  heard_ = now;
  if (text == "ping") return out.push_back(okx_control("pong", now));
  const auto message = read_okx_message(text);
  if (!message) {
    return out.push_back(okx_error({}, 60012, "Invalid request: " + std::string(text), now));
  }
  if (message->op != "subscribe" && message->op != "unsubscribe") {
    return out.push_back(okx_error(*message, 60012, "Invalid request: op", now));
  }
  if (message->args.empty()) {
    return out.push_back(okx_error(*message, 60012, "Invalid request: args", now));
  }
  for (const OkxMessage::Arg& arg : message->args) answer(*message, arg, now, out);
}

void OkxFeed::answer(const OkxMessage& message, const OkxMessage::Arg& arg, EventTime now,
                     Frames& out) {
  const std::size_t channel = okx_channel(arg.channel);
  const std::size_t pair = pair_of(arg.instrument);
  if (channel == kChannels || pair == pairs_.size()) {
    const std::string why = fmt::format(
        "Wrong URL or channel:{},instId:{} doesn't exist. Please use the correct URL, channel and "
        "parameters referring to API document.",
        arg.channel, arg.instrument);
    return out.push_back(okx_error(message, 60018, why, now));
  }
  const bool is_subscribing = message.op == "subscribe";
  pairs_[pair][channel] = is_subscribing;
  out.push_back(okx_control(
      okx_front(message) + fmt::format(R"("event":"{}","arg":{{"channel":"{}","instId":"{}"}},)"
                                       R"("connId":"a4d3ae55"}})",
                                       message.op, arg.channel, arg.instrument),
      now));
  if (!is_subscribing || truth_.history(pair).empty()) return;
  append(truth_.history(pair).last(), channel, out);
  out.back().at = now;
}

std::size_t OkxFeed::pair_of(std::string_view name) const {
  const auto& rows = truth_.instruments();
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [name](const Instrument& row) { return row.canonical() == name; });
  return static_cast<std::size_t>(at - rows.begin());
}

void OkxFeed::on_fill(const Fill& fill, Frames& out) {
  const Channels& channels = pairs_[fill.instrument];
  if (channels[kOkxTrades] && fill.ends_aggregate) append(fill, kOkxTrades, out);
  if (channels[kOkxTickers] && fill.ends_order) append(fill, kOkxTickers, out);
}

void OkxFeed::append(const Fill& fill, std::size_t channel, Frames& out) const {
  const Instrument& row = truth_.instruments()[fill.instrument];
  Frame frame{.instrument = fill.instrument, .at = fill.ts_event};
  FrameText text;
  text.put(R"({"arg":{"channel":")").put(kOkxChannels[channel]);
  text.put(R"(","instId":")").put(row.base).put("-").put(row.quote).put(R"("},"data":[)");
  if (channel == kOkxTrades) {
    frame.stream = Stream::kTrades;
    frame.first_id = fill.aggregate_first;
    frame.last_id = fill.id;
    put_okx_trade(text, row, fill);
  } else {
    frame.stream = Stream::kQuotes;
    put_okx_ticker(text, row, fill);
  }
  frame.text = text.put("]}").take();
  out.push_back(std::move(frame));
}

void OkxFeed::on_second(EventTime second, Frames& out) {
  if (second - heard_ < kSilenceMax) return;
  out.push_back({.kind = FrameKind::kClose, .at = second, .text = "No data received in 30s."});
}

bool OkxFeed::has(std::uint32_t instrument, Stream stream) const {
  if (stream == Stream::kTrades) return pairs_[instrument][kOkxTrades];
  return stream == Stream::kQuotes && pairs_[instrument][kOkxTickers];
}

}  // namespace tapeline::sim
