// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bybit_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::string_view kBybitTradeTopic = "publicTrade.";

Frame bybit_answer(const BybitMessage& message, bool is_granted, std::string_view text,
                   EventTime now) {
  std::string out = fmt::format(R"({{"success":{},"ret_msg":")", is_granted);
  append_json_text(out, text);
  out += R"(","conn_id":"5eed0000-sim")";
  if (!message.id.empty()) fmt::format_to(std::back_inserter(out), R"(,"req_id":"{}")", message.id);
  fmt::format_to(std::back_inserter(out), R"(,"op":"{}"}})", message.op);
  return {.kind = FrameKind::kControl, .at = now, .text = std::move(out)};
}

std::uint64_t bybit_ms(EventTime time) {
  return static_cast<std::uint64_t>(time.unix_ns() / 1'000'000);
}

void put_bybit_row(FrameText& text, const Instrument& row, const Fill& fill) {
  text.put(R"({"T":)").number(bybit_ms(fill.ts_event));
  text.put(R"(,"s":")").put(row.base).put(row.quote);
  text.put(R"(","S":")").put(fill.taker_buys ? "Buy" : "Sell");
  text.put(R"(","v":")").exact(fill.size, row.size_places);
  text.put(R"(","p":")").fixed(fill.price, row.price_places);
  text.put(R"(","L":"PlusTick","i":")").number(fill.id);
  text.put(R"(","BT":false,"RPI":false,"seq":)").number(fill.aggregate_id).put("}");
}

}  // namespace

void BybitFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  heard_ = now;
  const auto message = read_bybit_message(text);
  if (!message) {
    return out.push_back(bybit_answer({.op = ""}, false, "error:request is no JSON", now));
  }
  if (message->op == "ping") return out.push_back(bybit_answer(*message, true, "pong", now));
  if (const std::string mistake = mistake_in(*message); !mistake.empty()) {
    return out.push_back(bybit_answer(*message, false, mistake, now));
  }
  for (const std::string& topic : message->topics) {
    pairs_[pair_of(topic)].is_subscribed = message->op == "subscribe";
  }
  out.push_back(bybit_answer(*message, true, "", now));
}

std::string BybitFeed::mistake_in(const BybitMessage& message) const {
  if (message.op != "subscribe" && message.op != "unsubscribe") return "error:unknown op";
  if (message.topics.empty()) return "error:no args";
  if (message.topics.size() > kArgsMax) return "args size >10";
  for (const std::string& topic : message.topics) {
    const std::size_t pair = pair_of(topic);
    if (pair == pairs_.size()) return "error:handler not found,topic:" + topic;
    if (message.op == "subscribe" && pairs_[pair].is_subscribed) {
      return "error:already subscribed,topic:" + topic;
    }
  }
  return {};
}

std::size_t BybitFeed::pair_of(std::string_view topic) const {
  const auto& rows = truth_.instruments();
  if (!topic.starts_with(kBybitTradeTopic)) return rows.size();
  topic.remove_prefix(kBybitTradeTopic.size());
  const auto at = std::find_if(rows.begin(), rows.end(), [topic](const Instrument& row) {
    return row.base + row.quote == topic;
  });
  return static_cast<std::size_t>(at - rows.begin());
}

void BybitFeed::on_fill(const Fill& fill, Frames& out) {
  Pair& pair = pairs_[fill.instrument];
  if (!pair.is_subscribed) return;
  const Instrument& row = truth_.instruments()[fill.instrument];
  if (pair.first_id == 0) {
    pair.first_id = fill.id;
    pair.rows.put(R"({"topic":"publicTrade.)").put(row.base).put(row.quote);
    pair.rows.put(R"(","type":"snapshot","ts":)").number(bybit_ms(fill.ts_event) + fill.id % 4);
    pair.rows.put(R"(,"data":[)");
  } else {
    pair.rows.put(",");
  }
  put_bybit_row(pair.rows, row, fill);
  if (!fill.ends_order) return;
  out.push_back({.stream = Stream::kTrades,
                 .instrument = fill.instrument,
                 .at = fill.ts_event,
                 .first_id = std::exchange(pair.first_id, 0),
                 .last_id = fill.id,
                 .text = std::exchange(pair.rows, {}).put("]}").take()});
}

void BybitFeed::on_second(EventTime second, Frames& out) {
  if (second - heard_ < kSilenceMax) return;
  out.push_back({.kind = FrameKind::kClose, .at = second, .text = "nothing was heard"});
}

}  // namespace tapeline::sim
