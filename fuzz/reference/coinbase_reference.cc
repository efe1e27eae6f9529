// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reference/fields_reference.h"
#include "reference/json_reference.h"
#include "reference/venue_reference.h"
#include "venue/coinbase/kind.h"

namespace tapeline::reference {
namespace {

using venue::Control;
using venue::ControlReason;
using venue::Item;
using venue::Reject;
using venue::WireHeartbeat;
using venue::WireQuote;
using venue::WireTrade;
using venue::coinbase::Kind;

constexpr std::array<std::string_view, 15> kNames{
    "type",          "trade_id",      "side",          "size",     "price",
    "product_id",    "time",          "sequence",      "best_bid", "best_ask",
    "best_bid_size", "best_ask_size", "last_trade_id", "message",  "reason"};

Item trade_of(const Json& frame, bool is_snapshot) {
  WireTrade trade;
  const Json* side = frame.find("side");
  if (!read_symbol(frame.find("product_id"), trade.symbol) ||
      !read_id(frame.find("trade_id"), trade.id) ||
      !read_decimal(frame.find("price"), trade.price) ||
      !read_decimal(frame.find("size"), trade.size) ||
      !read_rfc3339(frame.find("time"), trade.ts_event) || side == nullptr ||
      side->kind != JsonKind::kString || (side->text != "buy" && side->text != "sell")) {
    return Reject{};
  }
  trade.side = side->text == "sell" ? Side::kBuy : Side::kSell;
  if (is_snapshot) trade.flags = Flags(Flag::kSnapshot);
  return trade;
}

bool is_given(const Json* value) {
  return value != nullptr && value->kind != JsonKind::kNull &&
         !(value->kind == JsonKind::kString && value->text.empty());
}

Item quote_of(const Json& frame) {
  const Json* bid = frame.find("best_bid");
  const Json* ask = frame.find("best_ask");
  const Json* bid_size = frame.find("best_bid_size");
  const Json* ask_size = frame.find("best_ask_size");
  if (!is_given(bid) || !is_given(ask)) {
    return Control{ControlReason::kUnparsed, Channel::kQuotes, {}};
  }
  WireQuote quote;
  quote.has_bid_size = is_given(bid_size);
  quote.has_ask_size = is_given(ask_size);
  const Json* time = frame.find("time");
  quote.has_event_time = time != nullptr;
  if (!read_symbol(frame.find("product_id"), quote.symbol) ||
      !read_count(frame.find("sequence"), quote.id) || !read_decimal(bid, quote.bid_price) ||
      !read_decimal(ask, quote.ask_price) ||
      (quote.has_bid_size && !read_decimal(bid_size, quote.bid_size)) ||
      (quote.has_ask_size && !read_decimal(ask_size, quote.ask_size)) ||
      (quote.has_event_time && !read_rfc3339(time, quote.ts_event))) {
    return Reject{};
  }
  return quote;
}

Item heartbeat_of(const Json& frame) {
  WireHeartbeat heartbeat;
  if (!read_symbol(frame.find("product_id"), heartbeat.symbol) ||
      !read_count(frame.find("last_trade_id"), heartbeat.last_id) ||
      !read_rfc3339(frame.find("time"), heartbeat.time)) {
    return Reject{};
  }
  return heartbeat;
}

Item error_of(const Json& frame, std::string& text) {
  for (const char* name : {"message", "reason"}) {
    const Json* part = frame.find(name);
    if (part == nullptr || part->kind != JsonKind::kString || part->text.empty()) continue;
    text += (text.empty() ? "" : ": ") + part->text;
  }
  text = cut_text(text);
  return Control{ControlReason::kVenueError, Channel::kOther, text};
}

Item item_of(const Json& frame, std::string& text) {
  const Json* type = frame.find("type");
  if (type == nullptr || type->kind != JsonKind::kString) return Reject{};
  const Kind kind = venue::coinbase::kind_of(type->text);
  if (kind == Kind::kUnparsed) return Control{ControlReason::kUnparsed, Channel::kOther, {}};
  if (kind == Kind::kUnknown) return Control{ControlReason::kUnknownKind, Channel::kOther, {}};
  if (has_repeated(frame, kNames)) return Reject{};
  switch (kind) {
    case Kind::kMatch:
      return trade_of(frame, false);
    case Kind::kLastMatch:
      return trade_of(frame, true);
    case Kind::kTicker:
      return quote_of(frame);
    case Kind::kHeartbeat:
      return heartbeat_of(frame);
    case Kind::kError:
      return error_of(frame, text);
    default:
      return Control{ControlReason::kAck, Channel::kOther, {}};
  }
}

}  // namespace

Expected read_coinbase(std::string_view frame) {
  Expected expected;
  const auto json = read_json(frame);
  if (!json) return expected;
  std::string text;
  expected.is_json = true;
  expected.depth = json->depth;
  append_item(expected.items, item_of(*json, text), false);
  return expected;
}

}  // namespace tapeline::reference
