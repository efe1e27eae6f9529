// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireQuote;
using venue::WireTrade;

constexpr std::array<std::string_view, 5> kFrameNames{"channel", "type", "timestamp", "events",
                                                      "message"};
constexpr std::array<std::string_view, 3> kEventNames{"type", "trades", "tickers"};
constexpr std::array<std::string_view, 10> kRowNames{"product_id", "trade_id",
                                                     "price",      "size",
                                                     "time",       "side",
                                                     "best_bid",   "best_bid_quantity",
                                                     "best_ask",   "best_ask_quantity"};

// A field that says nothing is no reason to refuse.
bool is_said(const Json* value) {
  return value != nullptr && value->kind != JsonKind::kNull &&
         !(value->kind == JsonKind::kString && value->text.empty());
}

Item trade_of(const Json& row, bool is_snapshot) {
  const Json* side = row.find("side");
  WireTrade trade;
  if (!read_symbol(row.find("product_id"), trade.symbol) ||
      !read_id(row.find("trade_id"), trade.id) || !read_decimal(row.find("price"), trade.price) ||
      !read_decimal(row.find("size"), trade.size) ||
      !read_rfc3339(row.find("time"), trade.ts_event) || side == nullptr ||
      side->kind != JsonKind::kString || (side->text != "BUY" && side->text != "SELL")) {
    return Reject{};
  }
  trade.side = side->text == "SELL" ? Side::kBuy : Side::kSell;
  if (is_snapshot) trade.flags = Flags(Flag::kSnapshot);
  return trade;
}

Item quote_of(const Json& row, const Json& frame) {
  const Json* bid_size = row.find("best_bid_quantity");
  const Json* ask_size = row.find("best_ask_quantity");
  if (!is_said(row.find("best_bid")) || !is_said(row.find("best_ask"))) {
    return Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
  }
  WireQuote quote;
  quote.has_id = false;
  quote.has_bid_size = is_said(bid_size);
  quote.has_ask_size = is_said(ask_size);
  if (!read_symbol(row.find("product_id"), quote.symbol) ||
      !read_decimal(row.find("best_bid"), quote.bid_price) ||
      !read_decimal(row.find("best_ask"), quote.ask_price) ||
      (quote.has_bid_size && !read_decimal(bid_size, quote.bid_size)) ||
      (quote.has_ask_size && !read_decimal(ask_size, quote.ask_size)) ||
      !read_rfc3339(frame.find("timestamp"), quote.ts_event)) {
    return Reject{};
  }
  return quote;
}

// The rows of all events: of an event the last one first.
void append_rows(std::string& out, const Json& frame, bool wants_trades) {
  const Json* events = frame.find("events");
  std::string rows;
  if (events != nullptr && events->kind == JsonKind::kArray) {
    for (const Json& event : events->elements) {
      if (event.kind != JsonKind::kObject) continue;
      if (has_repeated(event, kEventNames)) return append_item(out, Reject{}, false);
      const Json* list = event.find(wants_trades ? "trades" : "tickers");
      const Json* type = event.find("type");
      const bool is_snapshot =
          type != nullptr && type->kind == JsonKind::kString && type->text == "snapshot";
      if (list == nullptr || list->kind != JsonKind::kArray) continue;
      for (auto row = list->elements.rbegin(); row != list->elements.rend(); ++row) {
        Item item = Reject{};
        if (row->kind == JsonKind::kObject && !has_repeated(*row, kRowNames)) {
          item = wants_trades ? trade_of(*row, is_snapshot) : quote_of(*row, frame);
        }
        append_item(rows, item, false);
      }
    }
  }
  if (rows.empty()) return append_item(out, Reject{}, false);
  out += rows;
}

// The first of `channel` and `type` says what a frame is; empty: none does.
std::string kind_of(const Json& frame) {
  for (std::size_t i = 0; i < frame.names.size(); ++i) {
    const bool is_channel = frame.names[i] == "channel";
    if (!is_channel && frame.names[i] != "type") continue;
    const Json& value = frame.elements[i];
    if (value.kind != JsonKind::kString) return "";
    if (is_channel) return "channel " + value.text;
    return value.text == "error" ? "error" : "unknown";
  }
  return "";
}

void append_items(std::string& out, const Json& frame) {
  static const std::map<std::string, Control> kPlain{
      {"channel heartbeats", {ControlReason::kHeartbeat, Channel::kHeartbeat, {}}},
      {"channel subscriptions", {ControlReason::kAck, Channel::kOther, {}}}};
  const std::string kind = kind_of(frame);
  if (kind.empty()) return append_item(out, Reject{}, false);
  for (const char* name : {"l2_data", "candles", "status", "user", "futures_balance_summary"}) {
    if (kind != "channel " + std::string(name)) continue;
    return append_item(out, Control{ControlReason::kUnparsed, Channel::kOther, {}}, false);
  }
  const auto plain = kPlain.find(kind);
  const bool is_trades = kind == "channel market_trades";
  const bool is_ticker = kind == "channel ticker" || kind == "channel ticker_batch";
  if (plain == kPlain.end() && !is_trades && !is_ticker && kind != "error") {
    return append_item(out, Control{ControlReason::kUnknownKind, Channel::kOther, {}}, false);
  }
  if (has_repeated(frame, kFrameNames)) return append_item(out, Reject{}, false);
  if (plain != kPlain.end()) return append_item(out, plain->second, false);
  if (is_trades || is_ticker) return append_rows(out, frame, is_trades);
  const Json* message = frame.find("message");
  const bool is_text = message != nullptr && message->kind == JsonKind::kString;
  const std::string text = is_text ? cut_text(message->text) : "";
  append_item(out, Control{ControlReason::kVenueError, Channel::kOther, text}, false);
}

}  // namespace

Expected read_coinbase_advanced(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  expected.is_json = true;
  expected.depth = json->depth;
  if (json->kind == JsonKind::kObject) {
    append_items(expected.items, *json);
  } else {
    append_item(expected.items, Reject{}, false);
  }
  return expected;
}

}  // namespace tapeline::reference
