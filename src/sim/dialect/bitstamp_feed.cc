// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bitstamp_feed.h"

#include <string>
#include <utility>

#include "sim/dialect/bitstamp_text.h"
#include "sim/dialect/client_fields.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kLiveTrades = "live_trades_";

Frame reply(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

Frame refusal_of(std::string_view channel, std::string_view message, EventTime at) {
  std::string text = R"({"event":"bts:error","channel":")";
  append_json_text(text, channel);
  text += R"(","data":{"code":null,"message":")";
  append_json_text(text, message);
  return reply(text + "\"}}", at);
}

}  // namespace

void BitstampFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  heard_ = now;
  const auto event = text_at(text, "/event");
  if (event == "bts:heartbeat") {
    out.push_back(
        reply(R"({"event":"bts:heartbeat","channel":"","data":{"status":"success"}})", now));
    return;
  }
  const auto channel = text_at(text, "/data/channel");
  if (!channel || (event != "bts:subscribe" && event != "bts:unsubscribe")) {
    out.push_back(refusal_of("", "Incorrect JSON format.", now));
    return;
  }
  subscribe(*channel, event == "bts:subscribe", now, out);
}

void BitstampFeed::subscribe(std::string_view channel, bool is_wanted, EventTime now, Frames& out) {
  const std::string_view symbol =
      channel.starts_with(kLiveTrades) ? channel.substr(kLiveTrades.size()) : std::string_view();
  const std::size_t index = find_bitstamp(truth_, symbol);
  if (index == is_subscribed_.size()) {
    out.push_back(refusal_of(channel, "Bad subscription string.", now));
    return;
  }
  is_subscribed_[index] = is_wanted;
  std::string text = is_wanted ? R"({"event":"bts:subscription_succeeded","channel":")"
                               : R"({"event":"bts:unsubscription_succeeded","channel":")";
  text += channel;
  out.push_back(reply(text + R"(","data":{}})", now));
}

void BitstampFeed::on_fill(const Fill& fill, Frames& out) {
  if (!is_subscribed_[fill.instrument]) return;
  const Instrument& instrument = truth_.instruments()[fill.instrument];
  const int price = instrument.price_places;
  const int size = instrument.size_places;
  const auto micros = static_cast<std::uint64_t>(fill.ts_event.unix_ns() / 1'000);
  FrameText text;
  text.put(R"({"data":{"id":)").number(bitstamp_id(fill.instrument, fill.id));
  text.put(R"(,"timestamp":")").number(micros / 1'000'000);
  text.put(R"(","amount":)").exact(fill.size, size);
  text.put(R"(,"amount_str":")").fixed(fill.size, size);
  text.put(R"(","price":)").exact(fill.price, price);
  text.put(R"(,"price_str":")").fixed(fill.price, price);
  text.put(R"(","type":)").put(fill.taker_buys ? "0" : "1");
  text.put(R"(,"microtimestamp":")").number(micros);
  text.put(R"(","buy_order_id":)").number(fill.taker_buys ? fill.taker_order : fill.maker_order);
  text.put(R"(,"sell_order_id":)").number(fill.taker_buys ? fill.maker_order : fill.taker_order);
  text.put(R"(},"channel":")").put(kLiveTrades).put(bitstamp_symbol(instrument));
  text.put(R"(","event":"trade"})");
  out.push_back({.stream = Stream::kTrades,
                 .instrument = fill.instrument,
                 .at = fill.ts_event,
                 .first_id = fill.id,
                 .last_id = fill.id,
                 .text = text.take()});
}

void BitstampFeed::on_second(EventTime second, Frames& out) {
  if (second - heard_ < kHeardWithin) return;
  out.push_back({.kind = FrameKind::kClose, .at = second, .text = "no heartbeat within 60 s"});
}

}  // namespace tapeline::sim
