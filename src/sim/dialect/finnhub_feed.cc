// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/finnhub_feed.h"

#include <algorithm>
#include <utility>

#include "sim/dialect/client_fields.h"
#include "sim/dialect/finnhub_conditions.h"
#include "sim/dialect/frame_text.h"

namespace tapeline::sim {
namespace {

// One in so many orders is followed by a price without a trade.
constexpr std::uint64_t kPriceEvery = 16;

std::string row_text(const Instrument& instrument, const Fill& fill, std::int64_t size) {
  const std::string codes =
      size == 0 ? "null"
                : finnhub_codes({.ts_event = fill.ts_event, .price = fill.price, .size = size});
  FrameText text;
  text.put(R"({"c":)").put(codes).put(R"(,"p":)").exact(fill.price, instrument.price_places);
  text.put(R"(,"s":")").put(instrument.canonical()).put(R"(","t":)");
  text.number(static_cast<std::uint64_t>(fill.ts_event.unix_ns() / 1'000'000));
  text.put(R"(,"v":)").exact(size, instrument.size_places).put("}");
  return text.take();
}

Frame error_frame(std::string_view message, EventTime at) {
  std::string text = R"({"msg":")";
  append_json_text(text, message);
  return {.kind = FrameKind::kControl, .at = at, .text = text + R"(","type":"error"})"};
}

}  // namespace

void FinnhubFeed::on_message(std::string_view text, EventTime now, Frames& out) {
  const auto type = text_at(text, "/type");
  const auto symbol = text_at(text, "/symbol");
  const bool is_subscribe = type == "subscribe";
  if (!type || !symbol || (!is_subscribe && type != "unsubscribe")) {
    out.push_back(error_frame("Invalid message", now));
    return;
  }
  const auto& instruments = truth_.instruments();
  const auto at = std::find_if(instruments.begin(), instruments.end(),
                               [&](const Instrument& row) { return row.canonical() == *symbol; });
  if (at == instruments.end()) return;
  const auto index = static_cast<std::size_t>(at - instruments.begin());
  const auto subscribed = std::count(is_subscribed_.begin(), is_subscribed_.end(), true);
  if (is_subscribe && !is_subscribed_[index] &&
      static_cast<std::size_t>(subscribed) >= kSymbolsMax) {
    out.push_back(error_frame("Subscribing to too many symbols", now));
    return;
  }
  is_subscribed_[index] = is_subscribe;
}

void FinnhubFeed::on_fill(const Fill& fill, Frames& out) {
  if (!is_subscribed_[fill.instrument]) return;
  const Instrument& instrument = truth_.instruments()[fill.instrument];
  if (rows_.empty()) first_id_ = fill.id;
  rows_ += rows_.empty() ? "" : ",";
  rows_ += row_text(instrument, fill, fill.size);
  if (!fill.ends_order) return;
  if (fill.taker_order % kPriceEvery == 0) rows_ += "," + row_text(instrument, fill, 0);
  said_ = fill.ts_event;
  out.push_back({.stream = Stream::kTrades,
                 .instrument = fill.instrument,
                 .at = fill.ts_event,
                 .first_id = first_id_,
                 .last_id = fill.id,
                 .text = R"({"data":[)" + std::exchange(rows_, {}) + R"(],"type":"trade"})"});
}

void FinnhubFeed::on_second(EventTime second, Frames& out) {
  if (second - said_ < kPingAfter) return;
  said_ = second;
  out.push_back({.kind = FrameKind::kControl, .at = second, .text = R"({"type":"ping"})"});
}

}  // namespace tapeline::sim
