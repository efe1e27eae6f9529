// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"
#include "venue/okx/kind.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireQuote;
using venue::WireTrade;
using venue::okx::Kind;

constexpr std::array<std::string_view, 6> kNames{"arg", "data", "action", "event", "code", "msg"};
constexpr std::array<std::string_view, 1> kArgNames{"channel"};
constexpr std::array<std::string_view, 11> kRowNames{
    "instId", "tradeId", "px", "sz", "side", "ts", "count", "bidPx", "bidSz", "askPx", "askSz"};

bool is_string(const Json* value) { return value != nullptr && value->kind == JsonKind::kString; }

std::string text_of(const Json* value) { return is_string(value) ? value->text : std::string(); }

bool is_given(const Json* value) {
  return value != nullptr && value->kind != JsonKind::kNull &&
         !(value->kind == JsonKind::kString && value->text.empty());
}

Item trade_of(const Json& row) {
  WireTrade trade;
  const std::string side = text_of(row.find("side"));
  if (!read_symbol(row.find("instId"), trade.symbol) || !read_id(row.find("tradeId"), trade.id) ||
      !read_decimal(row.find("px"), trade.price) || !read_decimal(row.find("sz"), trade.size) ||
      !read_epoch_text(row.find("ts"), trade.ts_event) || (side != "buy" && side != "sell")) {
    return Reject{};
  }
  trade.side = side == "buy" ? Side::kBuy : Side::kSell;
  if (row.find("count") == nullptr) return trade;
  std::uint64_t count = 0;
  if (!read_count(row.find("count"), count) || !trade.id.is_number() || count == 0 ||
      count > trade.id.number()) {
    return Reject{};
  }
  trade.has_fills = true;
  trade.first_fill = trade.id.number() + 1 - count;
  trade.last_fill = trade.id.number();
  return trade;
}

Item quote_of(const Json& row) {
  if (!is_given(row.find("bidPx")) || !is_given(row.find("askPx"))) {
    return Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
  }
  WireQuote quote;
  quote.has_bid_size = is_given(row.find("bidSz"));
  quote.has_ask_size = is_given(row.find("askSz"));
  if (!read_symbol(row.find("instId"), quote.symbol) ||
      !read_decimal(row.find("bidPx"), quote.bid_price) ||
      !read_decimal(row.find("askPx"), quote.ask_price) ||
      (quote.has_bid_size && !read_decimal(row.find("bidSz"), quote.bid_size)) ||
      (quote.has_ask_size && !read_decimal(row.find("askSz"), quote.ask_size)) ||
      !read_epoch_text(row.find("ts"), quote.ts_event)) {
    return Reject{};
  }
  quote.id = static_cast<std::uint64_t>(quote.ts_event.unix_ns());
  return quote;
}

bool is_repeated(const Json& frame) {
  const Json* arg = frame.find("arg");
  return has_repeated(frame, kNames) ||
         (arg != nullptr && arg->kind == JsonKind::kObject && has_repeated(*arg, kArgNames));
}

Item event_of(const Json& frame, std::string& text) {
  const Json* event = frame.find("event");
  if (!is_string(event) || is_repeated(frame)) return Reject{};
  const Kind kind = venue::okx::kind_of_event(event->text);
  if (kind != Kind::kError && kind != Kind::kNotice) return venue::okx::control_of(kind);
  text = cut_text(text_of(frame.find("msg")) + " (code " + text_of(frame.find("code")) + ")");
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

std::vector<Item> items_of(const Json& frame, std::string& text) {
  const Json* data = frame.find("data");
  if (data == nullptr && frame.find("action") == nullptr) return {event_of(frame, text)};
  const Json* arg = frame.find("arg");
  const Json* channel = arg == nullptr ? nullptr : arg->find("channel");
  if (!is_string(channel)) return {Reject{}};
  const Kind kind = venue::okx::kind_of_channel(channel->text);
  if (!venue::okx::has_rows(kind)) return {venue::okx::control_of(kind)};
  if (is_repeated(frame) || data == nullptr || data->kind != JsonKind::kArray) return {Reject{}};
  if (data->elements.empty()) {
    return {Control{ControlReason::kUnparsed, venue::okx::channel_of(kind), {}}};
  }
  std::vector<Item> items;
  for (const Json& row : data->elements) {
    if (row.kind != JsonKind::kObject || has_repeated(row, kRowNames)) {
      items.emplace_back(Reject{});
    } else {
      items.push_back(kind == Kind::kTrades ? trade_of(row) : quote_of(row));
    }
  }
  return items;
}

}  // namespace

Expected read_okx(std::string_view frame) {
  Expected expected;
  std::string text;
  if (frame == venue::okx::kPong) {
    expected.is_json = true;  // the one text that is none, and meant all the same
    append_item(expected.items, Control{ControlReason::kHeartbeat, Channel::kHeartbeat, {}}, false);
    return expected;
  }
  const auto json = read_json(frame);
  if (!json) return expected;
  expected.is_json = true;
  expected.depth = json->depth;
  for (const Item& item : items_of(*json, text)) append_item(expected.items, item, false);
  return expected;
}

}  // namespace tapeline::reference
