// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/twelvedata_feed.h"

#include <algorithm>
#include <utility>

#include "sim/dialect/client_fields.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

// "BTC/USD"
std::string symbol_text(const Instrument& instrument) {
  return instrument.base + "/" + instrument.quote;
}

Frame status_frame(std::string text, EventTime at) {
  return {.kind = FrameKind::kControl, .at = at, .text = std::move(text)};
}

}  // namespace

void TwelveDataFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  heard_ = now;
  const auto action = text_at(text, "/action");
  if (action == "heartbeat") {
    out.push_back(status_frame(R"({"event":"heartbeat","status":"ok"})", now));
    return;
  }
  const auto symbols = texts_at(text, "/params/symbols");
  if (!symbols || (action != "subscribe" && action != "unsubscribe")) {
    out.push_back(status_frame(
        R"({"event":"subscribe-status","status":"error","messages":["Cant parse message"]})", now));
    return;
  }
  out.push_back(status_frame(change(*symbols, action == "subscribe"), now));
}

std::string TwelveDataFeed::change(const std::vector<std::string>& symbols, bool is_wanted) {
  std::string success;
  std::string fails;
  const auto& rows = truth_.instruments();
  for (const std::string& symbol : symbols) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&symbol](const Instrument& row) {
      return symbol_text(row) == symbol;
    });
    std::string& list = at == rows.end() ? fails : success;
    list += list.empty() ? R"({"symbol":")" : R"(,{"symbol":")";
    append_json_text(list, symbol);
    list += at == rows.end() ? R"(","message":"The symbol is not known."})" : "\"}";
    if (at != rows.end()) is_subscribed_[static_cast<std::size_t>(at - rows.begin())] = is_wanted;
  }
  const char* status = fails.empty() ? "ok" : success.empty() ? "error" : "warning";
  std::string text = is_wanted ? R"({"event":"subscribe-status","status":")"
                               : R"({"event":"unsubscribe-status","status":")";
  text += status;
  return text + R"(","success":[)" + success + R"(],"fails":[)" + fails + "]}";
}

void TwelveDataFeed::on_fill(const Fill& fill, Frames& out) {
  if (!is_subscribed_[fill.instrument]) return;
  const Instrument& instrument = truth_.instruments()[fill.instrument];
  const int price = instrument.price_places;
  FrameText text;
  text.put(R"({"event":"price","symbol":")").put(symbol_text(instrument));
  text.put(R"(","currency_base":")").put(instrument.base);
  text.put(R"(","currency_quote":")").put(instrument.quote);
  text.put(R"(","exchange":"Simulated","type":"Digital Currency","timestamp":)");
  text.number(static_cast<std::uint64_t>(fill.ts_event.unix_ns() / 1'000'000'000));
  text.put(R"(,"price":)").exact(fill.price, price);
  text.put(R"(,"bid":)").exact(fill.book.bid, price);
  text.put(R"(,"ask":)").exact(fill.book.ask, price);
  text.put(R"(,"day_volume":)").exact(fill.day.volume, instrument.size_places).put("}");
  out.push_back({.stream = Stream::kTrades,
                 .instrument = fill.instrument,
                 .at = fill.ts_event,
                 .first_id = fill.id,
                 .last_id = fill.id,
                 .text = text.take()});
}

void TwelveDataFeed::on_second(EventTime second, Frames& out) {
  if (second - heard_ < kHeardWithin) return;
  out.push_back({.kind = FrameKind::kClose, .at = second, .text = "no heartbeat within 60 s"});
}

}  // namespace tapeline::sim
